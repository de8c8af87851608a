/* pairs COUNT: as many pairs of malloc(64) and free. run.sh has their instructions counted. */
#include <stdlib.h>

int main(int count, char **arguments)
{
    long pairs = count == 2 ? atol(arguments[1]) : 0;
    for (long i = 0; i < pairs; i++) {
        void *volatile object = malloc(64);
        free(object);
    }
    return 0;
}
