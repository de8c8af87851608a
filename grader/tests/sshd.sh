#!/bin/sh
# A private sshd on 127.0.0.1, with keys of its own, for the time of one command:
#
#     sshd.sh FOLDER COMMAND [ARGUMENT]...
#
# LOGIN_1 and LOGIN_2 in the command's environment are two logins for GNU parallel's --sshlogin. Ends with
# the command's status; 77 where there is no sshd, or it cannot be started.
set -u
folder=$1
shift
daemon=$(command -v sshd || ls /usr/sbin/sshd 2>/dev/null) || { echo "sshd is missing: install it with  apt install openssh-server"; exit 77; }
port=$((20000 + $$ % 20000))
mkdir -p "$folder" /run/sshd 2>/dev/null
chmod 700 "$folder"
ssh-keygen -q -t ed25519 -N '' -f "$folder/host_key" </dev/null
ssh-keygen -q -t ed25519 -N '' -f "$folder/key" </dev/null
cp "$folder/key.pub" "$folder/authorized_keys"
cat >"$folder/config" <<END
ListenAddress 127.0.0.1
ListenAddress 127.0.0.2
Port $port
HostKey $folder/host_key
AuthorizedKeysFile $folder/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
END
timeout 300 "$daemon" -D -e -f "$folder/config" 2>"$folder/log" &
daemon=$!
trap 'kill $daemon 2>/dev/null; wait $daemon 2>/dev/null' EXIT
ssh="ssh -p $port -i $folder/key -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
for try in 1 2 3 4 5 6 7 8 9 10; do
    $ssh "$(id -un)@127.0.0.1" true 2>/dev/null && break
    [ "$try" = 10 ] && { echo "sshd does not answer:"; cat "$folder/log"; exit 77; }
    sleep 0.5
done
LOGIN_1="$ssh $(id -un)@127.0.0.1" LOGIN_2="$ssh $(id -un)@127.0.0.2" "$@"
