# A Java virtual machine: first it runs a compiler written in Java (Debian's ecj), then what that compiled: threads, direct
# buffers and compression (malloc's), exceptions out of deep stacks, signals of its own.
set -e
java -Xmx512m -cp /usr/share/java/eclipse-jdt-core.jar org.eclipse.jdt.internal.compiler.batch.Main -nowarn -proc:none \
    -source 11 -target 11 -d . "$TORTURE/Torture.java" 2> compile.log || { cat compile.log >&2; exit 1; }
java -Xmx256m -XX:+UseParallelGC -cp . Torture "$([ "$SIZE" = quick ] && echo 1 || echo 4)"
java -Xmx256m -XX:+UseG1GC -cp . Torture 1
java -Xint -XX:+UseSerialGC -XX:NativeMemoryTracking=summary -cp . Torture 1
