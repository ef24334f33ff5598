// SPDX-License-Identifier: Apache-2.0
// Pointers: arithmetic, differences, comparison, void *, bytes of other types, pointers to pointers, linked structures
// laid out by the host, integers made of pointers.
// EXPECT: walk 55, difference 9 elements 36 bytes, backwards 10
// EXPECT: list: 1 -> 2 -> 3 -> 4 -> 5
// EXPECT: bytes 4 3 2 1, float bits 3f800000
// EXPECT: pointer to pointer: 6 7
// EXPECT: aligned up: yes, null is false, equal addresses
#include "check.h"
#include <cstdint>
#include <cstring>

struct Node {
    int value;
    Node *next;
};

__global__ void kernel(int *values, int count, Node *list, int **rows, int *out) {
    int *end = values + count, sum = 0, n = 0;
    for (int *p = values; p != end; ++p)
        sum += *p;
    out[n++] = sum;
    out[n++] = static_cast<int>(end - 1 - values);
    out[n++] = static_cast<int>(reinterpret_cast<char *>(end - 1) - reinterpret_cast<char *>(values));
    out[n++] = end[-1];
    for (Node *node = list; node; node = node->next)
        out[n++] = node->value;
    unsigned word = 0x01020304u;
    const unsigned char *bytes = reinterpret_cast<const unsigned char *>(&word);
    for (int i = 0; i < 4; i++)
        out[n++] = bytes[i];
    float one = 1.0f;
    memcpy(&out[n++], &one, sizeof one);
    out[n++] = *rows[0];
    out[n++] = rows[1][1];
    void *raw = reinterpret_cast<char *>(values) + 5;
    uintptr_t up = (reinterpret_cast<uintptr_t>(raw) + 7) & ~static_cast<uintptr_t>(7);
    out[n++] = up - reinterpret_cast<uintptr_t>(values) == 8 && up % 8 == 0;
    Node *null = nullptr;
    out[n++] = null ? 1 : 0;
    out[n++] = static_cast<void *>(list) == static_cast<void *>(&list->value);
}

int main() {
    std::vector<int> values;
    for (int i = 1; i <= 10; i++)
        values.push_back(i);
    Array<int> device(values), out(32);
    Array<Node> nodes(5);
    std::vector<Node> host_nodes(5);
    const int place[] = {3, 0, 4, 1, 2};
    for (int i = 0; i < 5; i++)
        host_nodes[place[i]] = {i + 1, i < 4 ? nodes.data + place[i + 1] : nullptr};
    CHECK(cudaMemcpy(nodes, host_nodes.data(), 5 * sizeof(Node), cudaMemcpyHostToDevice));
    Array<int *> rows(std::vector<int *>{device.data + 5, device.data + 5});
    kernel<<<1, 1>>>(device, 10, nodes.data + place[0], rows, out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("walk %d, difference %d elements %d bytes, backwards %d\n", o[0], o[1], o[2], o[3]);
    std::printf("list: %d -> %d -> %d -> %d -> %d\n", o[4], o[5], o[6], o[7], o[8]);
    std::printf("bytes %d %d %d %d, float bits %x\n", o[9], o[10], o[11], o[12], o[13]);
    std::printf("pointer to pointer: %d %d\n", o[14], o[15]);
    std::printf("aligned up: %s, null is %s, %s addresses\n", o[16] ? "yes" : "no", o[17] ? "true" : "false",
                o[18] ? "equal" : "different");
    return 0;
}
