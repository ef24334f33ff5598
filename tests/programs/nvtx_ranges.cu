// SPDX-License-Identifier: Apache-2.0
// <nvtx3/nvtx3.hpp>: ranges by scope nest, ranges with handles, domains, registered messages, categories, payloads.
// EXPECT: depth inside 2, behind 0
// EXPECT: domain: its own depth 1, then 0
// EXPECT: attributes: ok
// EXPECT: ranges: ok
// NVCC: skip depths are the profiler's; without one they are negative
#include <cstdio>
#include <nvtx3/nvtx3.hpp>

struct physics {
    static constexpr char const *name{"physics"};
};
struct step {
    static constexpr char const *message{"step"};
};
struct solver {
    static constexpr char const *name{"solver"};
    static constexpr uint32_t id{7};
};

/* How many ranges are open: what the next one's depth would be. */
static int depth() {
    int level = nvtxRangePushA("probe");
    nvtxRangePop();
    return level;
}
template <class D> static int depth_in() {
    nvtx3::event_attributes probe{"probe"};
    int level = nvtxDomainRangePushEx(nvtx3::domain::get<D>(), probe.get());
    nvtxDomainRangePop(nvtx3::domain::get<D>());
    return level;
}

static int work() {
    NVTX3_FUNC_RANGE();
    nvtx3::scoped_range range{"inner", nvtx3::rgb{127, 255, 0}, nvtx3::payload{42}};
    nvtx3::mark("here");
    return depth();
}
static int work_in() {
    NVTX3_FUNC_RANGE_IN(physics);
    return depth_in<physics>();
}

int main() {
    int inside = work();
    printf("depth inside %d, behind %d\n", inside, depth());
    inside = work_in();
    printf("domain: its own depth %d, then %d\n", inside, depth_in<physics>());

    const nvtx3::registered_string_in<physics> &text = nvtx3::registered_string_in<physics>::get<step>();
    nvtx3::event_attributes a{text, nvtx3::argb{1, 2, 3, 4}, nvtx3::named_category::get<solver>(), nvtx3::payload{2.5}};
    bool ok = a.get()->messageType == NVTX_MESSAGE_TYPE_REGISTERED && a.get()->color == 0x01020304u &&
              a.get()->category == 7 && a.get()->payloadType == NVTX_PAYLOAD_TYPE_DOUBLE && a.get()->payload.dValue == 2.5 &&
              a.get()->version == NVTX_VERSION;
    printf("attributes: %s\n", ok ? "ok" : "wrong");

    nvtx3::range_handle first = nvtx3::start_range("first"), second = nvtx3::start_range_in<physics>(a);
    ok = first && second && first.get_value() != second.get_value();
    nvtx3::end_range(first);
    nvtx3::end_range_in<physics>(second);
    nvtx3::unique_range whole{"whole"}, moved = std::move(whole);
    nvtx3::mark_in<physics>("done", nvtx3::category{3});
    printf("ranges: %s\n", ok ? "ok" : "wrong");
    return 0;
}
