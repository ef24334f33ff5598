// SPDX-License-Identifier: Apache-2.0
// What can be thrown and how it is caught in host code: classes by their bases, pointers, values, again, later, one in another.
// EXPECT: fine
// EXPECT: runtime boom, 1 released
// EXPECT: number 42, again, by anything, and once more as 42
// EXPECT: second base 2
// EXPECT: text text
// EXPECT: virtual base 2
// EXPECT: out of range
// EXPECT: string a long string that is not kept in place
// EXPECT: pointer to a base 2
// EXPECT: outer of boom
// EXPECT: kept: boom
// EXPECT: 0 in flight, 4 of 4 threads went on
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "check.h"

__global__ void count(int *out) { atomicAdd(out, 1); }

static int released;
struct Guard {
    ~Guard() { released++; }
};
struct First {
    virtual ~First() = default;
    int x = 1;
};
struct Second {
    virtual ~Second() = default;
    int y = 2;
};
struct Both : First, Second {
    int z = 3;
};
struct Virtual : virtual Second {
    int v = 9;
};

static int raise(int which) {
    static Both both;
    Guard guard;
    switch (which) {
    case 1: throw std::runtime_error("boom");
    case 2: throw 42;
    case 3: throw Both();
    case 4: throw "text";
    case 5: throw Virtual();
    case 6: return std::vector<int>(2).at(7);
    case 7: throw std::string("a long string that is not kept in place");
    case 8: throw static_cast<Both *>(&both);
    }
    return 0;
}

static void first_handler(int which) {
    try {
        raise(which);
    } catch (int number) {
        std::printf("number %d, again, ", number);
        throw;
    }
}

int main() {
    for (int which = 0; which < 9; which++) {
        try {
            int before = released;
            try {
                first_handler(which);
                std::puts("fine");
            } catch (const std::runtime_error &error) {
                std::printf("runtime %s, %d released\n", error.what(), released - before);
            }
        } catch (const std::logic_error &) {
            std::puts("out of range");
        } catch (const Virtual &) {
            std::puts("virtual base 2");
        } catch (const Second &base) {
            std::printf("second base %d\n", base.y);
        } catch (const Second *base) {
            std::printf("pointer to a base %d\n", base->y);
        } catch (const char *text) {
            std::printf("text %s\n", text);
        } catch (std::string text) {
            std::printf("string %s\n", text.c_str());
        } catch (...) {
            std::printf("by anything, ");
            try {
                std::rethrow_exception(std::current_exception());
            } catch (int number) {
                std::printf("and once more as %d\n", number);
            }
        }
    }
    try {
        try {
            raise(1);
        } catch (...) {
            std::throw_with_nested(std::logic_error("outer"));
        }
    } catch (const std::exception &outer) {
        try {
            std::rethrow_if_nested(outer);
        } catch (const std::exception &inner) {
            std::printf("%s of %s\n", outer.what(), inner.what());
        }
    }
    std::exception_ptr kept;
    try {
        raise(1);
    } catch (...) {
        kept = std::current_exception();
    }
    try {
        std::rethrow_exception(kept);
    } catch (const std::exception &error) {
        std::printf("kept: %s\n", error.what());
    }
    Array<int> out(1);
    count<<<1, 4>>>(out);
    CHECK_LAUNCH();
    std::printf("%d in flight, %d of 4 threads went on\n", std::uncaught_exceptions(), out.host()[0]);
    return 0;
}
