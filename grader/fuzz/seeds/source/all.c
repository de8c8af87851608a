# 1 "/x.c"
/* comment */ // line
%:include "a.h"
??=line 1
#include </etc/passwd>
#pragma GCC optimize("O0")
static int a __attribute__((section(".text"), unused)) = 0x1f; char *s = "a\"b\\\n"; char c = '\'';
__asm__ volatile("nop");
# 7 "/usr/include/stdio.h" 1 3
int printf(const char *format, ...);
