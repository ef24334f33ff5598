/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nvtx3.hpp: NVTX 3's C++ interface: ranges that end with their scope, marks, domains, names and categories that are registered
 * once, colours and payloads: NVTX documentation, "NVTX C++ API". Everything is a form of nvToolsExt.h.
 */
#ifndef CW_NVTX3_HPP
#define CW_NVTX3_HPP

#include "nvToolsExt.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#define NVTX3_CPP_DEFINITIONS_V1_0

namespace nvtx3 {
inline namespace v1 {

/* A domain is a type with `static constexpr char const *name`, wide or not; `domain::global` is the one without a name. */
class domain {
  public:
    struct global {};
    domain(const domain &) = delete;
    domain &operator=(const domain &) = delete;
    template <typename D = global> static const domain &get() noexcept {
        if constexpr (::std::is_same<D, global>::value) {
            static const domain whole;
            return whole;
        } else {
            static const domain own(D::name);
            return own;
        }
    }
    operator nvtxDomainHandle_t() const noexcept { return handle; }

  private:
    nvtxDomainHandle_t handle = nullptr;
    domain() noexcept {}
    explicit domain(const char *name) noexcept : handle(nvtxDomainCreateA(name)) {}
    explicit domain(const wchar_t *name) noexcept : handle(nvtxDomainCreateW(name)) {}
    ~domain() {
        if (handle) nvtxDomainDestroy(handle);
    }
};

struct argb {
    ::std::uint8_t alpha, red, green, blue;
    constexpr argb(::std::uint8_t a, ::std::uint8_t r, ::std::uint8_t g, ::std::uint8_t b) noexcept
        : alpha(a), red(r), green(g), blue(b) {}
};
struct rgb {
    ::std::uint8_t red, green, blue;
    constexpr rgb(::std::uint8_t r, ::std::uint8_t g, ::std::uint8_t b) noexcept : red(r), green(g), blue(b) {}
};

class color {
  public:
    typedef ::std::uint32_t value_type;
    constexpr explicit color(value_type code) noexcept : word(code) {}
    constexpr color(argb c) noexcept
        : word((value_type)c.alpha << 24 | (value_type)c.red << 16 | (value_type)c.green << 8 | c.blue) {}
    constexpr color(rgb c) noexcept : color(argb(0xff, c.red, c.green, c.blue)) {}
    constexpr value_type get_value() const noexcept { return word; }

  private:
    value_type word;
};

class category {
  public:
    typedef ::std::uint32_t id_type;
    constexpr explicit category(id_type id) noexcept : number(id) {}
    constexpr id_type get_id() const noexcept { return number; }

  private:
    id_type number;
};
/* A category with a name, which it gets once: C has `static constexpr char const *name` and `static constexpr uint32_t id`. */
template <typename D = domain::global> class named_category_in final : public category {
  public:
    named_category_in(id_type id, const char *name) noexcept : category(id) {
        nvtxDomainNameCategoryA(domain::get<D>(), id, name);
    }
    named_category_in(id_type id, const wchar_t *name) noexcept : category(id) {
        nvtxDomainNameCategoryW(domain::get<D>(), id, name);
    }
    template <typename C> static const named_category_in &get() noexcept {
        static const named_category_in own(C::id, C::name);
        return own;
    }
};
using named_category = named_category_in<domain::global>;

/* A message that the tools are told once: M has `static constexpr char const *message`. */
template <typename D = domain::global> class registered_string_in {
  public:
    explicit registered_string_in(const char *text) noexcept : handle(nvtxDomainRegisterStringA(domain::get<D>(), text)) {}
    explicit registered_string_in(const wchar_t *text) noexcept
        : handle(nvtxDomainRegisterStringW(domain::get<D>(), text)) {}
    explicit registered_string_in(const ::std::string &text) noexcept : registered_string_in(text.c_str()) {}
    template <typename M> static const registered_string_in &get() noexcept {
        static const registered_string_in own(M::message);
        return own;
    }
    nvtxStringHandle_t get_handle() const noexcept { return handle; }

  private:
    nvtxStringHandle_t handle;
};
using registered_string = registered_string_in<domain::global>;

/* The text must live as long as the message. */
class message {
  public:
    typedef nvtxMessageValue_t value_type;
    message(const char *text) noexcept : kind(NVTX_MESSAGE_TYPE_ASCII) { value.ascii = text; }
    message(const wchar_t *text) noexcept : kind(NVTX_MESSAGE_TYPE_UNICODE) { value.unicode = text; }
    message(const ::std::string &text) noexcept : message(text.c_str()) {}
    message(const ::std::wstring &text) noexcept : message(text.c_str()) {}
    message(::std::string &&) = delete;
    message(::std::wstring &&) = delete;
    template <typename D> message(const registered_string_in<D> &text) noexcept : kind(NVTX_MESSAGE_TYPE_REGISTERED) {
        value.registered = text.get_handle();
    }
    value_type get_value() const noexcept { return value; }
    nvtxMessageType_t get_type() const noexcept { return kind; }

  private:
    nvtxMessageType_t kind;
    value_type value;
};

class payload {
  public:
    typedef typename nvtxEventAttributes_v2::payload_t value_type;
    explicit payload(::std::int64_t x) noexcept : kind(NVTX_PAYLOAD_TYPE_INT64), value{} { value.llValue = x; }
    explicit payload(::std::int32_t x) noexcept : kind(NVTX_PAYLOAD_TYPE_INT32), value{} { value.iValue = x; }
    explicit payload(::std::uint64_t x) noexcept : kind(NVTX_PAYLOAD_TYPE_UNSIGNED_INT64), value{} { value.ullValue = x; }
    explicit payload(::std::uint32_t x) noexcept : kind(NVTX_PAYLOAD_TYPE_UNSIGNED_INT32), value{} { value.uiValue = x; }
    explicit payload(float x) noexcept : kind(NVTX_PAYLOAD_TYPE_FLOAT), value{} { value.fValue = x; }
    explicit payload(double x) noexcept : kind(NVTX_PAYLOAD_TYPE_DOUBLE), value{} { value.dValue = x; }
    value_type get_value() const noexcept { return value; }
    nvtxPayloadType_t get_type() const noexcept { return kind; }

  private:
    nvtxPayloadType_t kind;
    value_type value;
};

/* What an event says: of each kind of argument the first counts. */
class event_attributes {
  public:
    typedef nvtxEventAttributes_t value_type;
    event_attributes() noexcept : words{} {
        words.version = NVTX_VERSION;
        words.size = sizeof words;
    }
    template <typename... Rest> explicit event_attributes(const color &c, const Rest &...rest) noexcept : event_attributes(rest...) {
        words.color = c.get_value();
        words.colorType = NVTX_COLOR_ARGB;
    }
    template <typename... Rest> explicit event_attributes(const rgb &c, const Rest &...rest) noexcept
        : event_attributes(color(c), rest...) {}
    template <typename... Rest> explicit event_attributes(const argb &c, const Rest &...rest) noexcept
        : event_attributes(color(c), rest...) {}
    template <typename... Rest> explicit event_attributes(const payload &p, const Rest &...rest) noexcept
        : event_attributes(rest...) {
        words.payload = p.get_value();
        words.payloadType = p.get_type();
    }
    template <typename... Rest> explicit event_attributes(const message &m, const Rest &...rest) noexcept
        : event_attributes(rest...) {
        words.message = m.get_value();
        words.messageType = m.get_type();
    }
    template <typename... Rest> explicit event_attributes(const char *m, const Rest &...rest) noexcept
        : event_attributes(message(m), rest...) {}
    template <typename... Rest> explicit event_attributes(const wchar_t *m, const Rest &...rest) noexcept
        : event_attributes(message(m), rest...) {}
    template <typename... Rest> explicit event_attributes(const ::std::string &m, const Rest &...rest) noexcept
        : event_attributes(message(m), rest...) {}
    template <typename D, typename... Rest>
    explicit event_attributes(const registered_string_in<D> &m, const Rest &...rest) noexcept
        : event_attributes(message(m), rest...) {}
    template <typename... Rest> explicit event_attributes(const category &c, const Rest &...rest) noexcept
        : event_attributes(rest...) {
        words.category = c.get_id();
    }
    const value_type *get() const noexcept { return &words; }

  private:
    value_type words;
};

/* A range of the calling thread, from here to the end of the scope. */
template <class D = domain::global> class scoped_range_in {
  public:
    explicit scoped_range_in(const event_attributes &attributes) noexcept {
        nvtxDomainRangePushEx(domain::get<D>(), attributes.get());
    }
    scoped_range_in() noexcept : scoped_range_in(event_attributes()) {}
    template <typename First, typename... Rest,
              typename = ::std::enable_if_t<!::std::is_same<event_attributes, ::std::decay_t<First>>::value &&
                                            !::std::is_same<scoped_range_in, ::std::decay_t<First>>::value>>
    explicit scoped_range_in(const First &first, const Rest &...rest) noexcept
        : scoped_range_in(event_attributes(first, rest...)) {}
    scoped_range_in(const scoped_range_in &) = delete;
    scoped_range_in &operator=(const scoped_range_in &) = delete;
    void *operator new(::std::size_t) = delete;
    ~scoped_range_in() noexcept { nvtxDomainRangePop(domain::get<D>()); }
};
using scoped_range = scoped_range_in<domain::global>;
template <class D> using thread_range_in = scoped_range_in<D>;
using thread_range = scoped_range;

/* Ranges that may begin on one thread and end on another. */
struct range_handle {
    typedef nvtxRangeId_t value_type;
    value_type id = 0;
    constexpr range_handle() noexcept = default;
    constexpr explicit range_handle(value_type of) noexcept : id(of) {}
    constexpr explicit operator bool() const noexcept { return id != 0; }
    constexpr value_type get_value() const noexcept { return id; }
};
template <typename D = domain::global> range_handle start_range_in(const event_attributes &attributes) noexcept {
    return range_handle(nvtxDomainRangeStartEx(domain::get<D>(), attributes.get()));
}
template <typename D = domain::global, typename First, typename... Rest,
          typename = ::std::enable_if_t<!::std::is_same<event_attributes, ::std::decay_t<First>>::value>>
range_handle start_range_in(const First &first, const Rest &...rest) noexcept {
    return start_range_in<D>(event_attributes(first, rest...));
}
template <typename... Args> range_handle start_range(const Args &...args) noexcept {
    return start_range_in<domain::global>(args...);
}
template <typename D = domain::global> void end_range_in(range_handle range) noexcept {
    nvtxDomainRangeEnd(domain::get<D>(), range.get_value());
}
inline void end_range(range_handle range) noexcept { end_range_in<domain::global>(range); }

template <typename D = domain::global> class unique_range_in {
  public:
    explicit unique_range_in(const event_attributes &attributes) noexcept : range(start_range_in<D>(attributes)) {}
    unique_range_in() noexcept : unique_range_in(event_attributes()) {}
    template <typename First, typename... Rest,
              typename = ::std::enable_if_t<!::std::is_same<event_attributes, ::std::decay_t<First>>::value &&
                                            !::std::is_same<unique_range_in, ::std::decay_t<First>>::value>>
    explicit unique_range_in(const First &first, const Rest &...rest) noexcept
        : unique_range_in(event_attributes(first, rest...)) {}
    unique_range_in(unique_range_in &&other) noexcept : range(other.range) { other.range = range_handle(); }
    unique_range_in &operator=(unique_range_in &&other) noexcept {
        ::std::swap(range, other.range);
        return *this;
    }
    ~unique_range_in() noexcept {
        if (range) end_range_in<D>(range);
    }

  private:
    range_handle range;
};
using unique_range = unique_range_in<domain::global>;

template <typename D = domain::global> void mark_in(const event_attributes &attributes) noexcept {
    nvtxDomainMarkEx(domain::get<D>(), attributes.get());
}
template <typename D = domain::global, typename First, typename... Rest,
          typename = ::std::enable_if_t<!::std::is_same<event_attributes, ::std::decay_t<First>>::value>>
void mark_in(const First &first, const Rest &...rest) noexcept {
    mark_in<D>(event_attributes(first, rest...));
}
template <typename... Args> void mark(const Args &...args) noexcept { mark_in<domain::global>(args...); }

} // namespace v1
} // namespace nvtx3

/* A range from here to the end of the function, with its name. */
#define NVTX3_FUNC_RANGE_IN(D)                                                                                         \
    static const ::nvtx3::registered_string_in<D> nvtx3_func_name__(__func__);                                         \
    static const ::nvtx3::event_attributes nvtx3_func_attr__(nvtx3_func_name__);                                       \
    const ::nvtx3::scoped_range_in<D> nvtx3_range__(nvtx3_func_attr__)
#define NVTX3_FUNC_RANGE() NVTX3_FUNC_RANGE_IN(::nvtx3::domain::global)
#define NVTX3_V1_FUNC_RANGE NVTX3_FUNC_RANGE
#define NVTX3_V1_FUNC_RANGE_IN NVTX3_FUNC_RANGE_IN

#endif
