/* The check functions of a student who has not written them: linked in place of the reference's (by
 * --wrap), so that a planted bug must be noticed by what a test sees for itself. */
unsigned __wrap_object_pool_check(const void *pool);
unsigned __wrap_thread_cache_check(void);
unsigned __wrap_central_cache_check(void);
unsigned __wrap_page_cache_check(void);
unsigned __wrap_mempool_check(void);

unsigned __wrap_object_pool_check(const void *pool)
{
    (void)pool;
    return 0;
}

unsigned __wrap_thread_cache_check(void)
{
    return 0;
}

unsigned __wrap_central_cache_check(void)
{
    return 0;
}

unsigned __wrap_page_cache_check(void)
{
    return 0;
}

unsigned __wrap_mempool_check(void)
{
    return 0;
}
