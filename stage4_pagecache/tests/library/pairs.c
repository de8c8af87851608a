/* pairs COUNT [BYTES]: as many pairs of malloc and free, of 64 bytes unless it says otherwise. run.sh
 * and make guard have their instructions counted. */
#include <stdlib.h>

int main(int count, char **arguments)
{
    long pairs = count >= 2 ? atol(arguments[1]) : 0;
    size_t bytes = count == 3 ? strtoul(arguments[2], NULL, 10) : 64;
    for (long i = 0; i < pairs; i++) {
        void *volatile object = malloc(bytes);
        free(object);
    }
    return 0;
}
