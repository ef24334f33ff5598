// SPDX-License-Identifier: Apache-2.0
// A tile shape that the type does not have is refused where it is used.
// EXPECT-COMPILE-ERROR: wmma has no tiles of this shape for this type
#include <mma.h>

__global__ void kernel(const double *p) {
    nvcuda::wmma::fragment<nvcuda::wmma::matrix_a, 16, 16, 16, double, nvcuda::wmma::row_major> a;
    nvcuda::wmma::load_matrix_sync(a, p, 16);
}

int main() {
    kernel<<<1, 32>>>(nullptr);
    return 0;
}
