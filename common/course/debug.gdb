# What `make debug` has gdb do: stop where the test fails, or crashes, and go up to the test itself.
set pagination off
set print pretty on
set confirm off
break test_fail
break caller_bug
break lock_breach
break todo
run
python
if gdb.selected_thread() is None:
    print("\nThe test passed: there was nothing to stop at.")
    gdb.execute("quit 0")
end
printf "\n--- who called whom ---\n"
backtrace 12
python
frame = gdb.newest_frame()
while frame is not None and not (frame.name() or "").split(".")[0].endswith("_body"):
    frame = frame.older()
if frame is not None:
    frame.select()
end
printf "\n--- the test, and its variables ---\n"
frame
info locals
