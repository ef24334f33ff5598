// SPDX-License-Identifier: Apache-2.0
// Device printf: every conversion, flags, width and precision, sizes, strings, up to 32 arguments, the returned count.
// EXPECT: d -5 i 42 u 4000000000 x beef X BEEF o 17
// EXPECT: ld -5000000000 lu 18446744073709551615 lld 9007199254740993 llx deadbeefcafe hd -7
// EXPECT: f 3.141590 e 2.500000e-10 g 1e+20 G 1E-05 a 0x1.8p+1
// EXPECT: c Z s text percent %
// EXPECT: [   42] [42   ] [00042] [+42] [ 42] [0x2a]
// EXPECT: [3.14] [   3.1416] [3.1    ] [1.5e+00] [tex] [  text]
// EXPECT: inf nan -inf
// EXPECT: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
// EXPECT: constant string, char array: local
// EXPECT: true 1 char 65 short -3 unsigned char 200 float 0.500000 pointer null: 1
// EXPECT: returned 0 2 3
// EXPECT: no newline at the end
#include "check.h"

__constant__ char constant_text[] = "constant string";

__global__ void formats(const float *special) {
    printf("d %d i %i u %u x %x X %X o %o\n", -5, 42, 4000000000u, 0xbeef, 0xbeef, 15);
    printf("ld %ld lu %lu lld %lld llx %llx hd %hd\n", -5000000000l, ~0ul, 9007199254740993ll, 0xdeadbeefcafeull, (short)-7);
    printf("f %f e %e g %g G %G a %a\n", 3.14159f, 2.5e-10, 1e20, 1e-5, 3.0);
    printf("c %c s %s percent %%\n", 'Z', "text");
    printf("[%5d] [%-5d] [%05d] [%+d] [% d] [%#x]\n", 42, 42, 42, 42, 42, 42);
    printf("[%.2f] [%9.4f] [%-7.1f] [%.1e] [%.3s] [%6s]\n", 3.14159, 3.14159, 3.14159, 1.5, "text", "text");
    printf("%f %f %f\n", special[0], special[1], -special[0]);
    printf("%d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d\n", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    char local[8] = {'l', 'o', 'c', 'a', 'l', 0};
    printf("%s, char array: %s\n", constant_text, local);
    bool truth = true;
    char letter = 'A';
    short negative = -3;
    unsigned char byte = 200;
    float half = 0.5f;
    void *null = nullptr;
    printf("true %d char %d short %d unsigned char %d float %f pointer null: %d\n", truth, letter, negative, byte, half,
           null == nullptr);
    int a = printf("returned %d ", 0) - 1 + 1, b = printf("%d ", 2), c = printf("%d\n", 3);
    if (a != 1 || b != 1 || c != 1)
        printf("counts %d %d %d\n", a, b, c);
    printf("no newline at the end");
}

int main() {
    Array<float> special(std::vector<float>{1.0f / 0.0f, __builtin_nanf("")});
    formats<<<1, 1>>>(special);
    CHECK_LAUNCH();
    return 0;
}
