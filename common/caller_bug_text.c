/* The words for each kind of caller bug, shared by caller_bug and its test stand-in. */
#include "common/caller_bug.h"

const char *caller_bug_text(enum caller_bug_kind kind)
{
    switch (kind) {
    case CALLER_BUG_DOUBLE_FREE:
        return "double free";
    case CALLER_BUG_NOT_OURS:
        return "not an address of the pool";
    case CALLER_BUG_INTERIOR:
        return "not the start of an object";
    case CALLER_BUG_WRONG_CLASS:
        return "object of another size class";
    case CALLER_BUG_WRONG_SIZE:
        return "freed with a wrong size or alignment";
    case CALLER_BUG_CORRUPT_LINK:
        return "free object was overwritten (its link is damaged)";
    case CALLER_BUG_USE_AFTER_FREE:
        return "written to after it was freed";
    case CALLER_BUG_BROKEN_INVARIANT:
        return "the pool's own records are damaged";
    }
    return "unknown bug";
}
