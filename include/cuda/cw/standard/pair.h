/* SPDX-License-Identifier: Apache-2.0 */
/* standard/pair.h: swap, exchange and pair of cuda::std, on both sides. */
#ifndef CW_CUDA_STANDARD_PAIR_H
#define CW_CUDA_STANDARD_PAIR_H

#include "define.h"

namespace cuda {
namespace std {

template <class T> CW_API_CONSTEXPR void swap(T &a, T &b) {
    T kept = static_cast<T &&>(a);
    a = static_cast<T &&>(b);
    b = static_cast<T &&>(kept);
}
template <class T, ::std::size_t N> CW_API_CONSTEXPR void swap(T (&a)[N], T (&b)[N]) {
    for (::std::size_t i = 0; i < N; i++)
        swap(a[i], b[i]);
}
template <class T, class U = T> CW_API_CONSTEXPR T exchange(T &object, U &&value) {
    T old = static_cast<T &&>(object);
    object = static_cast<U &&>(value);
    return old;
}

struct piecewise_construct_t {
    explicit piecewise_construct_t() = default;
};

template <class First, class Second> struct pair {
    typedef First first_type;
    typedef Second second_type;
    First first;
    Second second;

    CW_API_CONSTEXPR pair() : first(), second() {}
    CW_API_CONSTEXPR pair(const First &a, const Second &b) : first(a), second(b) {}
    template <class A, class B,
              class = ::std::enable_if_t<
                  ::std::is_constructible<First, A>::value && ::std::is_constructible<Second, B>::value>>
    CW_API_CONSTEXPR pair(A &&a, B &&b) : first(static_cast<A &&>(a)), second(static_cast<B &&>(b)) {}
    template <class A, class B>
    CW_API_CONSTEXPR pair(const pair<A, B> &other) : first(other.first), second(other.second) {}
    pair(const pair &) = default;
    pair(pair &&) = default;
    pair &operator=(const pair &) = default;
    pair &operator=(pair &&) = default;
    template <class A, class B> CW_API_CONSTEXPR pair &operator=(const pair<A, B> &other) {
        first = other.first;
        second = other.second;
        return *this;
    }
    CW_API_CONSTEXPR void swap(pair &other) {
        ::cuda::std::swap(first, other.first);
        ::cuda::std::swap(second, other.second);
    }
};
template <class A, class B> pair(A, B) -> pair<A, B>;

template <class A, class B> CW_API_CONSTEXPR pair<::std::decay_t<A>, ::std::decay_t<B>> make_pair(A &&a, B &&b) {
    return pair<::std::decay_t<A>, ::std::decay_t<B>>(static_cast<A &&>(a), static_cast<B &&>(b));
}
template <class A, class B> CW_API_CONSTEXPR bool operator==(const pair<A, B> &x, const pair<A, B> &y) {
    return x.first == y.first && x.second == y.second;
}
template <class A, class B> CW_API_CONSTEXPR bool operator!=(const pair<A, B> &x, const pair<A, B> &y) {
    return !(x == y);
}
template <class A, class B> CW_API_CONSTEXPR bool operator<(const pair<A, B> &x, const pair<A, B> &y) {
    return x.first < y.first || (!(y.first < x.first) && x.second < y.second);
}
template <class A, class B> CW_API_CONSTEXPR bool operator>(const pair<A, B> &x, const pair<A, B> &y) { return y < x; }
template <class A, class B> CW_API_CONSTEXPR bool operator<=(const pair<A, B> &x, const pair<A, B> &y) {
    return !(y < x);
}
template <class A, class B> CW_API_CONSTEXPR bool operator>=(const pair<A, B> &x, const pair<A, B> &y) {
    return !(x < y);
}

/* What structured bindings ask for is in ::std. */
using ::std::tuple_element;
using ::std::tuple_element_t;
using ::std::tuple_size;
using ::std::tuple_size_v;

template <::std::size_t I, class A, class B> CW_API_CONSTEXPR auto &get(pair<A, B> &p) noexcept {
    if constexpr (I == 0)
        return p.first;
    else
        return p.second;
}
template <::std::size_t I, class A, class B> CW_API_CONSTEXPR const auto &get(const pair<A, B> &p) noexcept {
    if constexpr (I == 0)
        return p.first;
    else
        return p.second;
}
template <::std::size_t I, class A, class B> CW_API_CONSTEXPR auto &&get(pair<A, B> &&p) noexcept {
    if constexpr (I == 0)
        return static_cast<A &&>(p.first);
    else
        return static_cast<B &&>(p.second);
}

} // namespace std
} // namespace cuda

namespace std {
template <class A, class B> struct tuple_size<::cuda::std::pair<A, B>> : integral_constant<size_t, 2> {};
template <class A, class B> struct tuple_element<0, ::cuda::std::pair<A, B>> {
    typedef A type;
};
template <class A, class B> struct tuple_element<1, ::cuda::std::pair<A, B>> {
    typedef B type;
};
} // namespace std

#endif
