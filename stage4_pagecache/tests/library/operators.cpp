// Every form of C++'s new and delete, where there is memory and where there is none. Run with
// LD_PRELOAD.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "expect.h"
#include "mempool.h"

namespace
{

// Where the compiler cannot see the size, it cannot leave the call out or warn.
volatile std::size_t too_much = PTRDIFF_MAX - 100000;

struct alignas(256) Wide {
    char bytes[300];
};

bool is_aligned(const void *object, std::size_t alignment)
{
    return object != nullptr && reinterpret_cast<std::uintptr_t>(object) % alignment == 0;
}

void check_expressions()
{
    delete new int(5);
    delete[] new std::string[100];
    delete new (std::nothrow) long(7);
    delete[] new (std::nothrow) std::string[10];
    Wide *wide = new Wide;
    Wide *wides = new Wide[5];
    Wide *careful = new (std::nothrow) Wide;
    expect(is_aligned(wide, 256) && is_aligned(wides, 256) && is_aligned(careful, 256),
           "new of an over-aligned type aligns");
    delete wide;
    delete[] wides;
    delete careful;
    char *nothing = new char[0];
    expect(nothing != nullptr, "new of 0 bytes gives an address");
    delete[] nothing;
}

void check_calls()
{
    const std::align_val_t alignment{512};
    ::operator delete(::operator new(100));
    ::operator delete[](::operator new[](100));
    ::operator delete(::operator new(100), std::size_t(100));
    ::operator delete[](::operator new[](300000), std::size_t(300000));
    ::operator delete(::operator new(100, std::nothrow), std::nothrow);
    ::operator delete[](::operator new[](100, std::nothrow), std::nothrow);
    ::operator delete(::operator new(100, alignment), alignment);
    ::operator delete[](::operator new[](100, alignment), alignment);
    ::operator delete(::operator new(100, alignment), std::size_t(100), alignment);
    ::operator delete[](::operator new[](100, alignment), std::size_t(100), alignment);
    ::operator delete(::operator new(100, alignment, std::nothrow), alignment, std::nothrow);
    ::operator delete[](::operator new[](100, alignment, std::nothrow), alignment, std::nothrow);
    ::operator delete(static_cast<void *>(nullptr));
    expect(true, "each operator new has its operator delete");
}

template <typename Call> bool throws_bad_alloc(Call call)
{
    try {
        call();
    } catch (const std::bad_alloc &) {
        return true;
    }
    return false;
}

void check_without_memory()
{
    const std::align_val_t alignment{4096};
    expect(throws_bad_alloc([] { return ::operator new(too_much); }) &&
               throws_bad_alloc([] { return ::operator new[](too_much); }),
           "new throws bad_alloc");
    expect(throws_bad_alloc([=] { return ::operator new(too_much, alignment); }) &&
               throws_bad_alloc([=] { return ::operator new[](too_much, alignment); }),
           "aligned new throws bad_alloc");
    expect(::operator new(too_much, std::nothrow) ==
               nullptr && ::operator new[](too_much, std::nothrow) == nullptr,
           "nothrow new returns a null pointer");
    expect(::operator new(too_much, alignment, std::nothrow) ==
               nullptr && ::operator new[](too_much, alignment, std::nothrow) == nullptr,
           "aligned nothrow new returns a null pointer");
}

int handler_calls;

// Two attempts to free some memory, then no more.
void give_up_at_third_call()
{
    if (++handler_calls == 3)
        std::set_new_handler(nullptr);
}

void throw_at_second_call()
{
    if (++handler_calls == 2)
        throw std::bad_alloc();
}

template <typename Call> int count_handler_calls(std::new_handler handler, Call call)
{
    handler_calls = 0;
    std::set_new_handler(handler);
    call();
    std::set_new_handler(nullptr);
    return handler_calls;
}

void check_new_handler()
{
    const std::align_val_t alignment{128};
    bool good = false;
    int calls = count_handler_calls(give_up_at_third_call, [&] {
        good = throws_bad_alloc([] { return ::operator new(too_much); });
    });
    expect(good && calls == 3, "new calls the new-handler until there is none, then throws");
    calls = count_handler_calls(throw_at_second_call, [&] {
        good = throws_bad_alloc([] { return ::operator new[](too_much); });
    });
    expect(good && calls == 2, "what the new-handler throws comes out of new");
    calls = count_handler_calls(throw_at_second_call,
                                [&] { good = ::operator new(too_much, std::nothrow) == nullptr; });
    expect(good && calls == 2, "nothrow new calls the new-handler and catches what it throws");
    calls = count_handler_calls(give_up_at_third_call, [&] {
        good = ::operator new[](too_much, alignment, std::nothrow) == nullptr;
    });
    expect(good && calls == 3, "aligned nothrow new calls the new-handler");
}

void check_containers()
{
    std::map<int, std::string> all;
    std::vector<std::thread> threads;
    std::vector<std::size_t> sums(4);
    for (int i = 0; i < 20000; i++)
        all[i * 7919 % 20011] = std::string(static_cast<std::size_t>(i % 300), 'x');
    for (std::size_t t = 0; t < sums.size(); t++)
        threads.emplace_back([&all, &sums, t] {
            std::map<int, std::string> mine = all;
            for (const auto &entry : mine)
                sums[t] += entry.second.size();
        });
    for (std::thread &thread : threads)
        thread.join();
    bool same = true;
    for (std::size_t sum : sums)
        same = same && sum == sums[0] && sum > 2000000;
    expect(same, "maps of strings copied by four threads");
}

} // namespace

int main()
{
    struct mempool_stats stats = {}; // mempool.h compiles as C++
    expect(stats.mapped_bytes == 0, "mempool.h is a C++ header too");
    check_expressions();
    check_calls();
    check_without_memory();
    check_new_handler();
    check_containers();
    return 0;
}
