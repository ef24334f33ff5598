/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bessel.c: Bessel functions of the first and second kind, orders 0, 1 and n, and modified ones of the first kind.
 *
 * Up to 8 the error must be small against the value, near its zeros too. So the range is cut into intervals that hold one
 * zero each, and there the function is (x - zero) times a polynomial in x - zero, with the zero in two parts. The
 * logarithms of the second kind are taken out as (2/pi) log(x/zero) J(x), which vanishes at the zero as well.
 * Beyond 8, Hankel's form: sqrt(2/(pi x)) (P cos(chi) - Q sin(chi)), with P and Q/x polynomials in 1/x^2 and chi = x - pi/4
 * or x - 3 pi/4. All polynomials are minimax fits, to 2^-53 or better.
 */
#include "library/math/double_core.h"

#define TWO_OVER_PI 0x1.45f306dc9c883p-1
#define ONE_OVER_PI 0x1.45f306dc9c883p-2

/* ---- Beyond 8 ------------------------------------------------------------------------------------------------ */

/* sqrt(1/(pi x)), P and Q, and the sum and difference of the circular functions: sqrt(2) times those of chi. */
struct hankel {
    double root, p, q, sum, difference;
};

INLINE struct hankel hankel_0(double x) {
    struct hankel h;
    double sine, cosine, z = 1 / (x * x);
    __nv_sincos(x, &sine, &cosine);
    h.root = __builtin_sqrt(ONE_OVER_PI / x);
    h.sum = sine + cosine;
    h.difference = sine - cosine;
    double p = POLYNOMIAL(z, -0x1.1fffffffeb53ap-4, 0x1.cb5ffef12dc89p-4, -0x1.251e4d290ee5ap-1, 0x1.849092b9fb2eap+2,
                          -0x1.b449b5cac3b48p+6, 0x1.6122986f2933ap+11, -0x1.4df0be5e374f6p+16, 0x1.1ea39f676e736p+21,
                          -0x1.598e9d238943dp+25, 0x1.967761352c6e8p+28);
    double q = POLYNOMIAL(z, -0x1.ffffffffff318p-4, 0x1.2bfffff019193p-4, -0x1.d11dd18d94f0dp-3, 0x1.ba3c9877928cdp+0,
                          -0x1.8495e863711f5p+4, 0x1.082f42c05ad92p+9, -0x1.c4611d3078509p+13, 0x1.75f8cce5b5944p+18,
                          -0x1.c2020d192d574p+22, 0x1.0c8df5f2a67ebp+26);
    h.p = mad(z, p, 1);
    h.q = q / x;
    return h;
}

INLINE struct hankel hankel_1(double x) {
    struct hankel h;
    double sine, cosine, z = 1 / (x * x);
    __nv_sincos(x, &sine, &cosine);
    h.root = __builtin_sqrt(ONE_OVER_PI / x);
    h.sum = sine + cosine;
    h.difference = sine - cosine;
    double p = POLYNOMIAL(z, 0x1.dfffffffe9fc0p-4, -0x1.274fff6fd7b2bp-3, 0x1.5a69b3378eb60p-1, -0x1.b862ae73b522bp+2,
                          0x1.e25f4c21f42b7p+6, -0x1.80801bc54ae6dp+11, 0x1.6864991fe25d5p+16, -0x1.33e05beab8839p+21,
                          0x1.7236ac8ce23d1p+25, -0x1.b2d68b694c85dp+28);
    double q = POLYNOMIAL(z, 0x1.7fffffffffc8ep-2, -0x1.a3ffffef08622p-4, 0x1.1c3ce73ac94fdp-2, -0x1.fe474cad9a797p+0,
                          0x1.b2613b9a026d2p+4, -0x1.21b20d49cc661p+9, 0x1.ea866a551dec4p+13, -0x1.93126498881cap+18,
                          0x1.e37e9c7256982p+22, -0x1.20094ece16da8p+26);
    h.p = mad(z, p, 1);
    h.q = q / x;
    return h;
}

/* ---- Orders 0 and 1, first kind ------------------------------------------------------------------------------ */

double __nv_j0(double a) {
    double x = __builtin_fabs(a);
    if (x < 1.25) {
        double z = x * x;
        double p =
            POLYNOMIAL(z, -0x1p-2, 0x1.ffffffffffff4p-7, -0x1.c71c71c71bd20p-12, 0x1.c71c71c696aeap-18,
                       -0x1.2345674b7c24ep-24, 0x1.02e83a3ba6eb0p-31, -0x1.5214e38b08781p-39, 0x1.4adee7410932dp-47);
        return mad(z, p, 1);
    }
    if (x < 3.95) {
        double u = (x - 0x1.33d152e971b40p+1) - -0x1.0f539d7da258ep-53;
        return u *
               POLYNOMIAL(u, -0x1.09cdb36551280p-1, 0x1.ba1deea029494p-4, 0x1.cfae864368d7bp-5, -0x1.1bb1cbe1a40f5p-7,
                          -0x1.1f992590d19f9p-9, 0x1.15382ba074940p-12, 0x1.6ed3b9f0efaadp-15, -0x1.232c77d8e055bp-18,
                          -0x1.1cce3059459cfp-21, 0x1.7ff997701fd1bp-25, 0x1.2951cf803d0c1p-28, -0x1.5c2f266a17a79p-32,
                          -0x1.bdc5dcbabbd2cp-36, 0x1.ceb323b169c9ap-40, 0x1.f2486e0755644p-44, -0x1.0c253eab553e5p-47);
    }
    if (x < 7.05) {
        double u = (x - 0x1.6148f5b2c2e45p+2) - 0x1.75054cd60a517p-54;
        return u * POLYNOMIAL(u, 0x1.5c6e60a097823p-2, -0x1.f8f72e7a848dep-6, -0x1.b2150cb41e8c1p-5,
                              0x1.2f7ffe9025639p-8, 0x1.27e31fe9a977cp-9, -0x1.6f641f418fb22p-13,
                              -0x1.863f481a434fcp-15, 0x1.ad77d744f7923p-19, 0x1.32e6d99c7b861p-21,
                              -0x1.2da37cf9f1f24p-25, -0x1.41d72d80a54dfp-28, 0x1.1d03b8a09de9bp-32,
                              0x1.e2f30f6e521adp-36, -0x1.846271cbfe0c3p-40, -0x1.10381e452916ep-43,
                              0x1.8438a7bb1895dp-48, 0x1.d41bd54c0a3c6p-52);
    }
    if (x < 8) {
        double u = (x - 0x1.14eb56cccdecap+3) - -0x1.51970714c7c25p-52;
        return u *
               POLYNOMIAL(u, -0x1.15f7977a772c2p-2, 0x1.00f7fcf184febp-6, 0x1.68b984ec68cbdp-5, -0x1.48e635ff9d605p-9,
                          -0x1.0e0d603463aedp-9, 0x1.d7960652f5017p-14, 0x1.7800c0850d00ep-15, -0x1.33242774f6e35p-19,
                          -0x1.30e73af7b45adp-21, 0x1.cf04d66daf202p-26, 0x1.45f3bd8a139e7p-28, -0x1.c39e5754f192cp-33,
                          -0x1.d7186961e1d58p-36, 0x1.aafe51f3cd251p-40, 0x1.bad8139bcaffdp-43, 0x1.19b0c911879f8p-48);
    }
    struct hankel h = hankel_0(x);
    double r = h.root * (h.p * h.sum - h.q * h.difference);
    return x < INFINITY_D ? r : is_nan(a) ? a : 0;
}

INLINE double j1_positive(double x) {
    if (x < 2.2) {
        double z = x * x;
        double p = POLYNOMIAL(z, -0x1p-4, 0x1.5555555555555p-9, -0x1.c71c71c71c708p-15, 0x1.6c16c16c16389p-21,
                              -0x1.845c8a0ca36f1p-28, 0x1.27e4fb63ffdc1p-35, -0x1.522a3c805f395p-43,
                              0x1.2c958444cc7b7p-51, -0x1.aaf2e9150e3a6p-60, 0x1.d8b0db496b8a5p-69);
        return x * mad(z, p, 0.5);
    }
    if (x < 5.4) {
        double u = (x - 0x1.ea75575af6f09p+1) - -0x1.60155a9d1b256p-53;
        return u * POLYNOMIAL(u, -0x1.9c6cf582cbf7fp-2, 0x1.ae8a39f51ad02p-5, 0x1.b589d1da13905p-5,
                              -0x1.537544c331cf6p-8, -0x1.24b3409959083p-9, 0x1.6e4c2d534cce0p-13,
                              0x1.83a06e30c604bp-15, -0x1.9799d4c58c4e3p-19, -0x1.33825cd3a56c5p-21,
                              0x1.170690cbc05c3p-25, 0x1.4569b262fa153p-28, -0x1.03b9661b6dad9p-32,
                              -0x1.ec62279a37794p-36, 0x1.5e918b79cfb8ap-40, 0x1.17979a01ef615p-43,
                              -0x1.5b9a6538fac59p-48, -0x1.e452cb9403a37p-52);
    }
    if (x < 8) {
        double u = (x - 0x1.c0ff5f3b47250p+2) - -0x1.b226d9d243827p-54;
        return u * POLYNOMIAL(u, 0x1.33518b3874e8ap-2, -0x1.5e70dc60362bfp-6, -0x1.80c83bdeee5b0p-5,
                              0x1.9a4b292e3de50p-9, 0x1.13fbc7d698209p-9, -0x1.07358bbdc06aap-13,
                              -0x1.796a751f884dcp-15, 0x1.4255b0161af10p-19, 0x1.3026e0ce9ae7bp-21,
                              -0x1.d48dce1adb654p-26, -0x1.44639e067e5e8p-28, 0x1.c62d0383e7b7ep-33,
                              0x1.ecaf983ea9c97p-36, -0x1.3bc3a6c82f413p-40, -0x1.18a1a94ad2889p-43,
                              0x1.4b6ca871ff442p-48, 0x1.120c0d85f02a6p-51);
    }
    struct hankel h = hankel_1(x);
    double r = h.root * (h.p * h.difference + h.q * h.sum);
    return x < INFINITY_D ? r : is_nan(x) ? x : 0;
}

double __nv_j1(double a) {
    double r = j1_positive(__builtin_fabs(a));
    return sign_set(a) ? -r : r;
}

/* ---- Orders 0 and 1, second kind ----------------------------------------------------------------------------- */

/* log(x/zero), accurate where it is small: there x/zero - 1 is known to all bits. */
INLINE double log_ratio(double x, double difference, double inverse_zero, double log_zero) {
    return __builtin_fabs(difference * inverse_zero) < 0.5 ? __nv_log1p(difference * inverse_zero)
                                                           : __nv_log(x) - log_zero;
}

double __nv_y0(double x) {
    if (x < 3.2) {
        double u = (x - 0x1.c982eb8d417eap-1) - 0x1.ea9d270347f83p-56, z = x * x;
        double p =
            POLYNOMIAL(z, 0x1.750811790a13cp-3, -0x1.12583f4a4abcfp-6, 0x1.268a9aaaeb0c7p-11, -0x1.4c030d99a8676p-17,
                       0x1.cf0413da6a188p-24, -0x1.b797036d6f4bdp-31, 0x1.2eb3f46cd777fp-38, -0x1.3c55dbfe26e2ep-46,
                       0x1.037f946ea8341p-54, -0x1.5725540edc55cp-63, 0x1.75829dc7d0b52p-72, -0x1.535fff5bd36e3p-81,
                       0x1.e3c7833c4a1e3p-91);
        double l = log_ratio(x, u, 0x1.1e7d3131dd6bap+0, -0x1.cce4b73e6f025p-4);
        double r = TWO_OVER_PI * l * __nv_j0(x) + u * (x + 0x1.c982eb8d417eap-1) * p;
        return x > 0 ? r : x == 0 ? -INFINITY_D : NAN_D;
    }
    if (x < 5.5) {
        double u = (x - 0x1.fa9534d98569cp+1) - -0x1.f06ae7804384ep-54;
        return u * POLYNOMIAL(u, -0x1.9c34256a12a0cp-2, 0x1.a09c9290367eep-5, 0x1.df6d59bf50e6dp-5,
                              -0x1.c116fdc597e84p-8, -0x1.1e32bc4ef1c19p-9, 0x1.99827650f3c1cp-13,
                              0x1.ab2c1fdef3ccbp-15, -0x1.4863714f72df5p-18, -0x1.3b214f914ee85p-22,
                              -0x1.777335182d2e1p-26, 0x1.452c99cdd457ap-26, -0x1.f65e032b9dee5p-29,
                              0x1.a577c32d26e9ap-31, -0x1.9ca630e1a1a73p-33, 0x1.93bc4937c8e3ep-35,
                              -0x1.6f9c00a5e6093p-37, 0x1.fde50ba795647p-40, -0x1.69d7d42c4974dp-43);
    }
    if (x < 8) {
        double u = (x - 0x1.c581dc4e72103p+2) - -0x1.9774a495f56cfp-54;
        return u * POLYNOMIAL(u, 0x1.334cca0697a5bp-2, -0x1.5aef611fc4d57p-6, -0x1.8969c64cbf452p-5,
                              0x1.b2f14a95527e3p-9, 0x1.1d35e85fde20bp-9, -0x1.26dd71e392c31p-13,
                              -0x1.8177e4fe457dbp-15, 0x1.6a922736683bap-19, 0x1.34aa756c52482p-21,
                              -0x1.0a2815a5aa87bp-25, -0x1.442a3945d483ap-28, 0x1.fa6d739271edcp-33,
                              0x1.f14de0fc27b26p-36, -0x1.71b222500e11fp-40, -0x1.077a06515ebe8p-43,
                              0x1.4c955e5e9cc3dp-48, 0x1.bcf8c98d34000p-51);
    }
    struct hankel h = hankel_0(x);
    double r = h.root * (h.p * h.difference + h.q * h.sum);
    return x < INFINITY_D ? r : is_nan(x) ? x : 0;
}

double __nv_y1(double x) {
    if (x < 4.5) {
        double u = (x - 0x1.193bed4dff243p+1) - -0x1.bd1e50d219bfdp-55, z = x * x;
        double p =
            POLYNOMIAL(z, 0x1.0e14beba09e96p-3, 0x1.069922dcaf0e0p-6, -0x1.7c2ca06d8e360p-10, 0x1.5ba2f20a55ab2p-15,
                       -0x1.4f2940694cc7bp-21, 0x1.96551dc3d52b1p-28, -0x1.549cf896d7860p-35, 0x1.a3ab3343d0726p-43,
                       -0x1.8cada71204b9dp-51, 0x1.2905c54717f1cp-59, -0x1.6941edc39f3e3p-68, 0x1.6bcdb7119c1b7p-77,
                       -0x1.30cb5ad36e63ep-86, 0x1.785fe9b34deccp-96);
        double l = log_ratio(x, u, 0x1.d20f658382cf2p-2, 0x1.930641fe98869p-1);
        double r = TWO_OVER_PI * l * __nv_j1(x) + u * (x + 0x1.193bed4dff243p+1) * p / x;
        return x > 0 ? r : x == 0 ? -INFINITY_D : NAN_D;
    }
    if (x < 7) {
        double u = (x - 0x1.5b7fe4e87b02ep+2) - 0x1.dfe7bac228e8cp-52;
        return u * POLYNOMIAL(u, -0x1.5c7c556f0c19ap-2, 0x1.00b9f8571ca1ep-5, 0x1.a15d92dfe3e27p-5,
                              -0x1.10a329e2c235ap-8, -0x1.1be6db9923bc8p-9, 0x1.337c7e1382651p-13,
                              0x1.85b940eb8eb36p-15, -0x1.806191395d0d9p-19, -0x1.255e6d3601b46p-21,
                              0x1.b62cc0bdb93f4p-26, 0x1.80b201cc49d7dp-28, -0x1.a7ea81ef90af5p-32,
                              0x1.3c80c1ca33c50p-39, -0x1.383aaa1aef6b1p-38, 0x1.4eba77950fabbp-40,
                              -0x1.d34fc173c6e29p-43, 0x1.23b7408592516p-45, -0x1.a3df00b8565c9p-49);
    }
    if (x < 8) {
        double u = (x - 0x1.13127ae6169b4p+3) - 0x1.479cc068d9046p-52;
        return u * POLYNOMIAL(
                       u, 0x1.15f993fceab52p-2, -0x1.02b3933cf2cd3p-6, -0x1.6395dfe4a2906p-5, 0x1.3ced2a2d90eaep-9,
                       0x1.07a678d326e4ep-9, -0x1.b50d7efdffb0cp-14, -0x1.6f7bae5736a87p-15, 0x1.176e273f81353p-19,
                       0x1.2beb5f7f4c535p-21, -0x1.a3aa35f392cdep-26, -0x1.424def37fe45fp-28, 0x1.976db9da6bed0p-33,
                       0x1.d68ff705a6a01p-36, -0x1.8c198b4aff981p-40, -0x1.ba513be5bd6e3p-43, -0x1.4a5a2f20beb90p-48);
    }
    struct hankel h = hankel_1(x);
    double r = h.root * (h.q * h.difference - h.p * h.sum);
    return x < INFINITY_D ? r : is_nan(x) ? x : 0;
}

/* ---- Order n ------------------------------------------------------------------------------------------------- */

/* Upwards while the order is below the argument, where the recurrence is stable. Otherwise downwards from an order so high
 * that any start will do (Miller), scaled by J0 + 2 (J2 + J4 + ...) = 1. */
double __nv_jn(int n, double a) {
    double x = __builtin_fabs(a);
    if (n < 0) {
        return NAN_D;
    }
    if (n == 0) {
        return __nv_j0(a);
    }
    if (is_nan(a)) {
        return a;
    }
    double r = 0;
    if (x == 0 || x == INFINITY_D) {
        r = 0;
    } else if (n < x) {
        double before = __nv_j0(x);
        r = __nv_j1(x);
        for (int k = 1; k < n; k++) {
            double next = 2.0 * k / x * r - before;
            before = r;
            r = next;
        }
    } else if (n * __nv_log(1.36 * x / n) > -750) {
        /* Below that bound, (ex/2n)^n, the value is less than the least double. */
        int start = (n + 20 + (int)__builtin_sqrt(160.0 * n)) / 2 * 2;
        double above_it = 0, at = 1, even = 0;
        for (int k = start; k > 0; k--) {
            double below_it = 2.0 * k / x * at - above_it;
            above_it = at;
            at = below_it;
            bool large = __builtin_fabs(at) > 0x1p500;
            double shrink = large ? 0x1p-500 : 1;
            at *= shrink;
            above_it *= shrink;
            even *= shrink;
            r *= shrink;
            even += k & 1 ? at : 0; /* `at` is of order k-1 now */
            r = k == n ? above_it : r;
        }
        r /= 2 * even - at;
    }
    return sign_set(a) && (n & 1) ? -r : r;
}

/* Upwards, where the second kind's recurrence is stable. */
double __nv_yn(int n, double x) {
    if (n < 0 || x < 0) {
        return NAN_D;
    }
    if (n == 0) {
        return __nv_y0(x);
    }
    double before = __nv_y0(x), r = __nv_y1(x);
    if (!(x < INFINITY_D) || x == 0) {
        return r;
    }
    for (int k = 1; k < n && r > -INFINITY_D; k++) {
        double next = 2.0 * k / x * r - before;
        before = r;
        r = next;
    }
    return r;
}

/* ---- Modified, orders 0 and 1 -------------------------------------------------------------------------------- */

/* e^x / sqrt(x) * p, where e^x alone may overflow; infinite from 720 on. */
INLINE double growing(double x, double p) {
    struct exponential e = exp_pair(x < 720 ? x : 720, 0);
    struct pair s = exp_significand(e);
    double r = scale((s.hi + s.lo) * (p / __builtin_sqrt(x)), e.power);
    return is_nan(x) ? x : x < 720 ? r : INFINITY_D;
}

double __nv_cyl_bessel_i0(double a) {
    double x = __builtin_fabs(a);
    if (x <= 8) {
        double z = 0.25 * x * x;
        double p =
            POLYNOMIAL(z, 0x1p+0, 0x1p-2, 0x1.c71c71c71c708p-6, 0x1.c71c71c71c905p-10, 0x1.23456789aa1ffp-14,
                       0x1.02e85c08b714dp-19, 0x1.522a43f368b23p-25, 0x1.522a442943868p-31, 0x1.0b31300545548p-37,
                       0x1.5601b743ac3bbp-44, 0x1.69c81695fb91fp-51, 0x1.41b14cd43d74fp-58, 0x1.e5ab5599f2021p-66,
                       0x1.45c963aed2d5ep-73, 0x1.358eb4e6f843ap-81, 0x1.1d1bda1dac5f3p-88);
        return mad(z, p, 1);
    }
    double u = 16 / x - 1;
    double p = POLYNOMIAL(u, 0x1.9bd428ad249a5p-2, 0x1.b87969bb939e5p-9, 0x1.1daa72b57cd86p-13, 0x1.75e5ee7a080a7p-17,
                          0x1.8e5142e04af70p-20, 0x1.3f498dd6f618ep-22, 0x1.7d065dd3c8eaap-24, 0x1.51d7b3655f2fdp-25,
                          0x1.735ba3e18c18ap-26, 0x1.02a8a62b96e46p-27, -0x1.e6e037323451ep-28, -0x1.c9275ede2bbb4p-27,
                          -0x1.2a6721cff71f3p-28, 0x1.f51c34c1b6db5p-28, 0x1.685319fd63d80p-28, -0x1.a6f1d4db05ad7p-29,
                          -0x1.99378971bba6ap-29, 0x1.2326d2f9adcbbp-30, 0x1.1143e7b150e4fp-30, -0x1.1dad409676ac9p-32,
                          -0x1.4f099cdc53adcp-33, 0x1.1ca9359aa952fp-35);
    return growing(x, p);
}

double __nv_cyl_bessel_i1(double a) {
    double x = __builtin_fabs(a);
    if (x <= 8) {
        double z = 0.25 * x * x;
        double p =
            POLYNOMIAL(z, 0x1p-1, 0x1.5555555555555p-4, 0x1.c71c71c71c718p-8, 0x1.6c16c16c16c80p-12,
                       0x1.845c8a0ce45a0p-17, 0x1.27e4fb7797000p-22, 0x1.522a43f51316bp-28, 0x1.2c9758f0e13bdp-34,
                       0x1.ab81e84a7d7dep-41, 0x1.f176c04b20633p-48, 0x1.e2614d0089b44p-55, 0x1.8be48fa29118dp-62,
                       0x1.15ba6d1139effp-69, 0x1.5a004d1ddf561p-77, 0x1.3c3c41d823536p-85, 0x1.05a131a8e6717p-92);
        return 0.5 * a * mad(z, p, 1);
    }
    double u = 16 / x - 1;
    double p =
        POLYNOMIAL(u, 0x1.8ebe783a8402fp-2, -0x1.3f796198ee5dap-7, -0x1.cbc54df17eb8fp-13, -0x1.f89c230cd6133p-17,
                   -0x1.ec8e193c84a1ep-20, -0x1.76136a7059007p-22, -0x1.ad843ac553e47p-24, -0x1.7281a8c9b7428p-25,
                   -0x1.92c5266f05d96p-26, -0x1.20cfc97b98013p-27, 0x1.e6f1fa0132977p-28, 0x1.df32bd08e029bp-27,
                   0x1.4e8286b5301a1p-28, -0x1.fdde991631cc9p-28, -0x1.8198723b6aeedp-28, 0x1.a3cf10abfd0c5p-29,
                   0x1.b042a9316f52dp-29, -0x1.1c1ee1e32b0e4p-30, -0x1.1ef175cb95650p-30, 0x1.14f2438ea6dc9p-32,
                   0x1.5eb4ec9bf6fc5p-33, -0x1.14a56b27da0bep-35);
    double r = growing(x, p);
    return sign_set(a) ? -r : r;
}

/* ---- float --------------------------------------------------------------------------------------------------- */

float __nv_j0f(float a) {
    return (float)__nv_j0((double)a);
}

float __nv_j1f(float a) {
    return (float)__nv_j1((double)a);
}

float __nv_y0f(float a) {
    return (float)__nv_y0((double)a);
}

float __nv_y1f(float a) {
    return (float)__nv_y1((double)a);
}

float __nv_cyl_bessel_i0f(float a) {
    return (float)__nv_cyl_bessel_i0((double)a);
}

float __nv_cyl_bessel_i1f(float a) {
    return (float)__nv_cyl_bessel_i1((double)a);
}

float __nv_jnf(int n, float a) {
    return (float)__nv_jn(n, (double)a);
}

float __nv_ynf(int n, float a) {
    return (float)__nv_yn(n, (double)a);
}
