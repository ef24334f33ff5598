// SPDX-License-Identifier: Apache-2.0
// Errors behind a launch with blanks in it are at their own line and column.
// EXPECT-COMPILE-ERROR: refuse_spaced_error\.cu:%LINE(here):39: error: use of undeclared identifier 'missing'
__global__ void kernel(int) {}

int main()
{
    kernel << <1, 1>> >(1); kernel<< <missing, 1>> >(2); // here
}
