// SPDX-License-Identifier: Apache-2.0
// What processes share: memory by handles, events, pools by descriptors over a socket. The program starts itself again.
// EXPECT: child: memory 7 8 9
// EXPECT: child: pool 55
// EXPECT: child: refusals ok
// EXPECT: parent: 70 80 90
// EXPECT: parent: refusals ok
// NVCC: skip which error a damaged handle gives differs
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "check.h"

__global__ void set(int *to, int value) { to[threadIdx.x] = value + static_cast<int>(threadIdx.x); }
__global__ void times_ten(int *data) { data[threadIdx.x] *= 10; }

struct Message {
    cudaIpcMemHandle_t small, large;
    cudaIpcEventHandle_t written, read;
    cudaMemPoolPtrExportData pointer;
};

static void send_descriptor(int socket, int descriptor) {
    char byte = 0, control[CMSG_SPACE(sizeof(int))] = {};
    iovec part = {&byte, 1};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    if (sendmsg(socket, &message, 0) != 1)
        std::exit(3);
}

static int receive_descriptor(int socket) {
    char byte, control[CMSG_SPACE(sizeof(int))] = {};
    iovec part = {&byte, 1};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    int descriptor = -1;
    if (recvmsg(socket, &message, 0) == 1)
        std::memcpy(&descriptor, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof descriptor);
    return descriptor;
}

static int child(int socket) {
    Message message;
    if (read(socket, &message, sizeof message) != static_cast<ssize_t>(sizeof message))
        return 3;
    int descriptor = receive_descriptor(socket);
    int *small, *large, *again, host[3];
    cudaEvent_t written, done;
    cudaStream_t stream;
    CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CHECK(cudaIpcOpenMemHandle((void **)&small, message.small, cudaIpcMemLazyEnablePeerAccess));
    CHECK(cudaIpcOpenMemHandle((void **)&large, message.large, cudaIpcMemLazyEnablePeerAccess));
    CHECK(cudaIpcOpenMemHandle((void **)&again, message.small, cudaIpcMemLazyEnablePeerAccess));
    CHECK(cudaIpcOpenEventHandle(&written, message.written));
    CHECK(cudaIpcOpenEventHandle(&done, message.read));
    CHECK(cudaStreamWaitEvent(stream, written, 0));
    CHECK(cudaMemcpyAsync(host, small, sizeof host, cudaMemcpyDeviceToHost, stream));
    CHECK(cudaStreamSynchronize(stream));
    std::printf("child: memory %d %d %d\n", host[0], host[1], host[2]);
    times_ten<<<1, 3, 0, stream>>>(small);
    CHECK(cudaMemcpyAsync(large, small, sizeof host, cudaMemcpyDeviceToDevice, stream));
    CHECK(cudaEventRecord(done, stream));

    cudaMemPool_t pool;
    int *pooled;
    CHECK(cudaMemPoolImportFromShareableHandle(&pool, (void *)(intptr_t)descriptor,
                                               cudaMemHandleTypePosixFileDescriptor, 0));
    CHECK(cudaMemPoolImportPointer((void **)&pooled, pool, &message.pointer));
    CHECK(cudaMemcpy(host, pooled, sizeof(int), cudaMemcpyDeviceToHost));
    std::printf("child: pool %d\n", host[0]);
    void *more;
    bool ok = again == small && cudaMallocFromPoolAsync(&more, 16, pool, stream) == cudaErrorNotPermitted;
    message.pointer.reserved[0] ^= 1;
    message.pointer.reserved[40] ^= 1;
    ok = ok && cudaMemPoolImportPointer(&more, pool, &message.pointer) != cudaSuccess;
    std::memset(&message.small, 0, sizeof message.small);
    ok = ok && cudaIpcOpenMemHandle(&more, message.small, cudaIpcMemLazyEnablePeerAccess) ==
                   cudaErrorInvalidResourceHandle;
    ok = ok && cudaIpcOpenMemHandle(&more, message.large, 0) == cudaErrorInvalidValue;
    std::memset(&message.read, 0, sizeof message.read);
    ok = ok && cudaIpcOpenEventHandle(&written, message.read) == cudaErrorMapBufferObjectFailed;
    CHECK(cudaFreeAsync(pooled, stream));
    CHECK(cudaStreamSynchronize(stream));
    CHECK(cudaIpcCloseMemHandle(small));
    CHECK(cudaIpcCloseMemHandle(small));
    ok = ok && cudaIpcCloseMemHandle(small) == cudaErrorInvalidValue;
    CHECK(cudaIpcCloseMemHandle(large));
    std::printf("child: refusals %s\n", ok ? "ok" : "differ");
    return 0;
}

int main(int count, char **arguments) {
    if (count > 1)
        return child(std::atoi(arguments[1]));
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0)
        return 3;
    pid_t other = fork(); // before CUDA starts its threads
    if (other == 0) {
        close(sockets[0]); // so that it sees an end when the parent has ended
        char number[16];
        std::snprintf(number, sizeof number, "%d", sockets[1]);
        execl("/proc/self/exe", arguments[0], number, nullptr);
        _exit(4);
    }
    Message message;
    int *small, *large, *pooled, host[3], descriptor = -1;
    cudaEvent_t written, done, plain;
    cudaMemPool_t pool;
    CHECK(cudaMalloc(&small, 3 * sizeof(int)));
    CHECK(cudaMalloc(&large, 1 << 20));
    CHECK(cudaEventCreateWithFlags(&written, cudaEventInterprocess | cudaEventDisableTiming));
    CHECK(cudaEventCreateWithFlags(&done, cudaEventInterprocess | cudaEventDisableTiming));
    CHECK(cudaEventCreate(&plain));
    cudaMemPoolProps props = {};
    props.allocType = cudaMemAllocationTypePinned;
    props.handleTypes = cudaMemHandleTypePosixFileDescriptor;
    props.location.type = cudaMemLocationTypeDevice;
    CHECK(cudaMemPoolCreate(&pool, &props));
    CHECK(cudaMallocFromPoolAsync(&pooled, 100, pool, 0));
    set<<<1, 1>>>(pooled, 55);
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaMemPoolExportToShareableHandle(&descriptor, pool, cudaMemHandleTypePosixFileDescriptor, 0));
    CHECK(cudaMemPoolExportPointer(&message.pointer, pooled));
    CHECK(cudaIpcGetMemHandle(&message.small, small));
    CHECK(cudaIpcGetMemHandle(&message.large, large));
    CHECK(cudaIpcGetEventHandle(&message.written, written));
    CHECK(cudaIpcGetEventHandle(&message.read, done));
    set<<<1, 3>>>(small, 7);
    CHECK(cudaEventRecord(written, 0));
    if (write(sockets[0], &message, sizeof message) != static_cast<ssize_t>(sizeof message))
        return 3;
    std::fflush(stdout);
    send_descriptor(sockets[0], descriptor);
    int status = -1;
    if (waitpid(other, &status, 0) != other || status != 0)
        return 5;
    CHECK(cudaEventSynchronize(done));
    CHECK(cudaMemcpy(host, large, sizeof host, cudaMemcpyDeviceToHost));
    std::printf("parent: %d %d %d\n", host[0], host[1], host[2]);

    cudaIpcMemHandle_t handle;
    cudaIpcEventHandle_t event_handle;
    void *pointer;
    bool ok = cudaIpcOpenMemHandle(&pointer, message.small, cudaIpcMemLazyEnablePeerAccess) ==
              cudaErrorDeviceUninitialized; // its own
    ok = ok && cudaIpcGetMemHandle(&handle, host) == cudaErrorInvalidValue;
    ok = ok && cudaIpcGetMemHandle(&handle, pooled) == cudaErrorInvalidValue;
    ok = ok && cudaIpcGetEventHandle(&event_handle, plain) == cudaErrorInvalidResourceHandle;
    ok = ok && cudaEventCreateWithFlags(&plain, cudaEventInterprocess) == cudaErrorInvalidValue;
    float ms;
    ok = ok && cudaEventElapsedTime(&ms, written, done) == cudaErrorInvalidResourceHandle;
    ok = ok && cudaEventQuery(done) == cudaSuccess;
    cudaMemPool_t standard;
    CHECK(cudaDeviceGetDefaultMemPool(&standard, 0));
    ok = ok && cudaMemPoolExportToShareableHandle(&descriptor, standard, cudaMemHandleTypePosixFileDescriptor, 0) ==
                   cudaErrorInvalidValue;
    CHECK(cudaFree(small));
    CHECK(cudaFree(large));
    std::printf("parent: refusals %s\n", ok ? "ok" : "differ");
    return 0;
}
