// SPDX-License-Identifier: Apache-2.0
// <cuda/memory_resource>: resources of the program's own behind resource_ref and async_resource_ref, with properties.
// EXPECT: concepts: ok
// EXPECT: managed: 42
// EXPECT: async: 43
// EXPECT: alive: 7
// EXPECT: equal: ok
// EXPECT: left: 0
#define LIBCUDACXX_ENABLE_EXPERIMENTAL_MEMORY_RESOURCE
#include <cstdio>
#include <cuda/memory_resource>

struct Alive {
    typedef int value_type;
};

struct Managed {
    int count = 0;
    void *allocate(std::size_t size, std::size_t) {
        void *p;
        count++;
        return cudaMallocManaged(&p, size) == cudaSuccess ? p : nullptr;
    }
    void deallocate(void *p, std::size_t, std::size_t) {
        count--;
        cudaFree(p);
    }
    bool operator==(const Managed &other) const { return this == &other; }
    friend void get_property(const Managed &, cuda::mr::device_accessible) {}
    friend void get_property(const Managed &, cuda::mr::host_accessible) {}
    friend int get_property(const Managed &m, Alive) { return 7 + m.count; }
};

struct Ordered {
    int count = 0;
    void *allocate(std::size_t size, std::size_t a) {
        void *p = allocate_async(size, a, cuda::stream_ref());
        cudaStreamSynchronize(0);
        return p;
    }
    void deallocate(void *p, std::size_t size, std::size_t a) { deallocate_async(p, size, a, cuda::stream_ref()); }
    void *allocate_async(std::size_t size, std::size_t, cuda::stream_ref stream) {
        void *p;
        count++;
        return cudaMallocAsync(&p, size, stream.get()) == cudaSuccess ? p : nullptr;
    }
    void deallocate_async(void *p, std::size_t, std::size_t, cuda::stream_ref stream) {
        count--;
        cudaFreeAsync(p, stream.get());
    }
    bool operator==(const Ordered &) const { return true; }
    friend void get_property(const Ordered &, cuda::mr::device_accessible) {}
};

template <class Upstream> struct Logged : cuda::forward_property<Logged<Upstream>, Upstream> {
    Upstream *up;
    explicit Logged(Upstream &u) : up(&u) {}
    void *allocate(std::size_t size, std::size_t a) { return up->allocate(size, a); }
    void deallocate(void *p, std::size_t size, std::size_t a) { up->deallocate(p, size, a); }
    bool operator==(const Logged &other) const { return up == other.up; }
    Upstream &upstream_resource() const { return *up; }
};

static_assert(cuda::mr::resource<Managed> && !cuda::mr::async_resource<Managed> && cuda::mr::async_resource<Ordered>);
static_assert(!cuda::mr::resource<int>);
static_assert(cuda::mr::resource_with<Managed, cuda::mr::device_accessible, cuda::mr::host_accessible>);
static_assert(!cuda::mr::resource_with<Ordered, cuda::mr::host_accessible>);
static_assert(cuda::has_property_with<Managed, Alive> && !cuda::property_with_value<cuda::mr::host_accessible>);
static_assert(cuda::mr::resource_with<Logged<Managed>, cuda::mr::host_accessible>);
static_assert(!std::is_constructible<cuda::mr::resource_ref<cuda::mr::host_accessible>, Ordered &>::value);

__global__ void set(int *p, int value) { *p = value; }

static int managed(cuda::mr::resource_ref<cuda::mr::host_accessible, cuda::mr::device_accessible> from) {
    int *p = static_cast<int *>(from.allocate(sizeof(int)));
    set<<<1, 1>>>(p, 42);
    cudaDeviceSynchronize();
    int value = *p;
    from.deallocate(p, sizeof(int));
    return value;
}

static int ordered(cuda::mr::async_resource_ref<cuda::mr::device_accessible> from, cuda::stream_ref stream) {
    int *p = static_cast<int *>(from.allocate_async(sizeof(int), stream)), value = 0;
    set<<<1, 1, 0, stream.get()>>>(p, 43);
    cudaMemcpyAsync(&value, p, sizeof value, cudaMemcpyDeviceToHost, stream.get());
    from.deallocate_async(p, sizeof(int), stream);
    stream.wait();
    return value;
}

int main() {
    Managed m, n;
    Ordered o;
    Logged<Managed> logged(m);
    cudaStream_t stream;
    cudaStreamCreate(&stream);
    cuda::mr::async_resource_ref<cuda::mr::device_accessible> async = o;
    cuda::mr::resource_ref<cuda::mr::device_accessible> plain = async;
    void *p = plain.allocate(16);
    printf("concepts: %s\n", p && o.count == 1 ? "ok" : "wrong");
    plain.deallocate(p, 16);
    printf("managed: %d\n", managed(logged));
    printf("async: %d\n", ordered(async, stream));
    cuda::mr::resource_ref<cuda::mr::host_accessible, Alive> counted(m);
    printf("alive: %d\n", get_property(counted, Alive{}));
    cuda::mr::resource_ref<cuda::mr::host_accessible> a(m), b(n), c(&m);
    printf("equal: %s\n", a != b && a == c ? "ok" : "wrong");
    printf("left: %d\n", m.count + n.count + o.count);
    return 0;
}
