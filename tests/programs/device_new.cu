// SPDX-License-Identifier: Apache-2.0
// new and delete in kernels: objects with constructors, arrays, placement new, a search tree built and torn down.
// EXPECT: constructed 32, destroyed 32
// EXPECT: array new: 10 20 30, destroyed 3
// EXPECT: placement new: 123
// EXPECT: tree: 200 nodes in order, depth at most 200, all deleted
#include "check.h"
#include <new>

__device__ int constructed, destroyed;

struct Item {
    int value;
    __device__ Item() : value(10) { atomicAdd(&constructed, 1); }
    __device__ explicit Item(int v) : value(v) { atomicAdd(&constructed, 1); }
    __device__ ~Item() { atomicAdd(&destroyed, 1); }
};

struct Tree {
    int key;
    Tree *left = nullptr, *right = nullptr;
    __device__ explicit Tree(int k) : key(k) {}
    __device__ ~Tree() {
        delete left;
        delete right;
        atomicSub(&constructed, 1);
    }
    __device__ void insert(int k) {
        Tree *&child = k < key ? left : right;
        if (child)
            child->insert(k);
        else
            child = new Tree(k);
    }
    __device__ int write(int *out, int n) const {
        if (left)
            n = left->write(out, n);
        out[n++] = key;
        return right ? right->write(out, n) : n;
    }
};

__global__ void objects(Item **items) {
    items[threadIdx.x] = new Item(threadIdx.x);
    __syncthreads();
    delete items[31 - threadIdx.x];
}

__global__ void arrays(int *out) {
    constructed = destroyed = 0;
    Item *items = new Item[3];
    for (int i = 0; i < 3; i++)
        out[i] = items[i].value *= i + 1;
    delete[] items;
    out[3] = destroyed;
    alignas(Item) char room[sizeof(Item)];
    Item *placed = new (room) Item(123);
    out[4] = placed->value;
    placed->~Item();
}

__global__ void tree(int *out, int count) {
    constructed = count;
    Tree *root = new Tree(100);
    for (int i = 1; i < count; i++)
        root->insert((i * 77 + 100) % 200);
    out[count] = root->write(out, 0);
    delete root;
    out[count + 1] = constructed;
}

int main() {
    Array<Item *> items(32);
    objects<<<1, 32>>>(items);
    CHECK_LAUNCH();
    int made, gone;
    CHECK(cudaMemcpyFromSymbol(&made, constructed, sizeof made));
    CHECK(cudaMemcpyFromSymbol(&gone, destroyed, sizeof gone));
    std::printf("constructed %d, destroyed %d\n", made, gone);
    Array<int> out(202);
    arrays<<<1, 1>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("array new: %d %d %d, destroyed %d\nplacement new: %d\n", o[0], o[1], o[2], o[3], o[4]);
    tree<<<1, 1>>>(out, 200);
    CHECK_LAUNCH();
    o = out.host();
    bool ordered = o[200] == 200;
    for (int i = 0; i < 200; i++)
        ordered = ordered && o[i] == i;
    std::printf("tree: %d nodes %s, depth at most 200, %s deleted\n", o[200], ordered ? "in order" : "out of order",
                o[201] == 0 ? "all" : "not all");
    return 0;
}
