// SPDX-License-Identifier: Apache-2.0
// Exceptions that functions inside the C++ library throw, not templates in its headers: numbers in strings, strings, streams, casts.
// EXPECT: invalid_argument
// EXPECT: out_of_range
// EXPECT: invalid_argument
// EXPECT: out_of_range
// EXPECT: length_error
// EXPECT: failure
// EXPECT: bad_cast
// EXPECT: bad_typeid
// EXPECT: bad_alloc
// EXPECT: overflow_error
// EXPECT: 17 and 1.5
// EXPECT: 64 threads went on
#include <bitset>
#include <cstdio>
#include <memory_resource>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <typeinfo>

#include "check.h"

__global__ void count(int *out) { atomicAdd(out, 1); }

struct Base {
    virtual ~Base() = default;
};
struct Derived : Base {};

static void *volatile kept;

template <class Function> static void attempt(Function function) {
    try {
        function();
        std::puts("nothing");
    } catch (const std::invalid_argument &) {
        std::puts("invalid_argument");
    } catch (const std::out_of_range &) {
        std::puts("out_of_range");
    } catch (const std::length_error &) {
        std::puts("length_error");
    } catch (const std::overflow_error &) {
        std::puts("overflow_error");
    } catch (const std::ios_base::failure &) {
        std::puts("failure");
    } catch (const std::bad_cast &) {
        std::puts("bad_cast");
    } catch (const std::bad_typeid &) {
        std::puts("bad_typeid");
    } catch (const std::bad_array_new_length &) {
        std::puts("bad_array_new_length");
    } catch (const std::bad_alloc &) {
        std::puts("bad_alloc");
    }
}

int main(int argc, char **) {
    std::string text = "text";
    Base base, *none = argc > 99 ? &base : nullptr;
    attempt([&] { return std::stoi(text); });
    attempt([] { return std::stoi("99999999999999999999"); });
    attempt([] { return std::stod(""); });
    attempt([&] { return text.substr(77); });
    attempt([&] { text.resize(text.max_size() + 1u); });
    attempt([] {
        std::istringstream words("no number");
        words.exceptions(std::ios::failbit);
        int number = 0;
        words >> number;
    });
    attempt([&] { return &dynamic_cast<Derived &>(base); });
    attempt([&] { return typeid(*none).name(); });
    attempt([] { kept = std::pmr::null_memory_resource()->allocate(1); }); // a sanitizer's operator new would end the program
    attempt([] { return std::bitset<128>().set(100).to_ulong(); });
    std::printf("%d and %g\n", std::stoi("17"), std::stod("1.5"));
    Array<int> out(1);
    count<<<2, 32>>>(out.data);
    std::printf("%d threads went on\n", out.host()[0]);
}
