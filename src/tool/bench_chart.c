/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_chart.c: the ratios as an SVG chart: a group of bars a kernel, on a logarithmic axis, from the line at 1 to the
 * right where ours is faster, to the left where it is slower. It has a light background of its own, and colours that
 * differ in lightness too (Okabe and Ito's palette), so that it reads on any page and in print.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tool/bench.h"
#include "tool/host.h"
#include "tool/terminal.h"

enum { LEFT = 150, RIGHT = 60, TOP = 96, BOTTOM = 54, WIDTH = 860, BAR = 9, GAP = 10 };

/* What ours is compared with; a series without data is left out. */
enum { OPENMP, POCL, SCALAR, SERIES_COUNT };

static const struct {
    const char *text, *colour;
} series[SERIES_COUNT] = {
    [OPENMP] = {"OpenMP, the fastest of gcc and clang", "#0072b2"},
    [POCL] = {"PoCL", "#e69f00"},
    [SCALAR] = {"our scalar mode", "#a7aeb5"},
};

struct chart {
    const struct cw_bench *bench;
    struct cw_text text;
    bool shown[SERIES_COUNT];
    int bars;           /* of a group */
    double least, most; /* powers of two at the ends of the axis, as logarithms */
};

static double ratio_of(const struct cw_bench_row *row, int which) {
    switch (which) {
    case OPENMP:
        return cw_bench_ratio(row, cw_bench_best_openmp(row, -1));
    case POCL:
        return cw_bench_ratio(row, CW_BENCH_POCL);
    default:
        return cw_bench_ratio(row, CW_BENCH_SCALAR);
    }
}

static double x_of(const struct chart *chart, double logarithm) {
    return (double)LEFT + (double)(WIDTH - LEFT - RIGHT) * (logarithm - chart->least) / (chart->most - chart->least);
}

static void survey(struct chart *chart) {
    chart->least = -1;
    chart->most = 1;
    for (size_t i = 0; i < chart->bench->row_count; i++) {
        for (int s = 0; s < SERIES_COUNT; s++) {
            double ratio = ratio_of(&chart->bench->rows[i], s);
            if (ratio > 0) {
                double logarithm = log2(ratio);
                chart->shown[s] = true;
                chart->least = fmin(chart->least, floor(logarithm));
                chart->most = fmax(chart->most, ceil(logarithm));
            }
        }
    }
    for (int s = 0; s < SERIES_COUNT; s++) {
        chart->bars += chart->shown[s];
    }
}

static void draw_head(struct chart *chart, int height) {
    char *processor = cw_bench_processor();
    struct cw_text *out = &chart->text;
    cw_text_printf(out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                   "font-family=\"sans-serif\" font-size=\"12\" fill=\"#1b1f23\">\n"
                   "<title>CUDA-WASM against OpenMP, PoCL and its scalar mode</title>\n"
                   "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n"
                   "<text x=\"20\" y=\"28\" font-size=\"17\" font-weight=\"bold\">How many times as fast as "
                   "others CUDA kernels run</text>\n",
                   WIDTH, height, WIDTH, height, WIDTH, height);
    /* A processor's name is plain text; what XML would take for markup is left out. */
    for (char *c = processor; *c; c++) {
        if (strchr("<>&\"", *c)) {
            *c = ' ';
        }
    }
    cw_text_printf(out, "<text x=\"20\" y=\"48\" fill=\"#57606a\">CUDA-WASM %s on %s%s%ld cores, %s</text>\n",
                   CW_VERSION, processor, *processor ? ", " : "", sysconf(_SC_NPROCESSORS_ONLN),
                   cw_host_vector_features());
    free(processor);
    int x = 20;
    for (int s = 0; s < SERIES_COUNT; s++) {
        if (chart->shown[s]) {
            cw_text_printf(out,
                           "<rect x=\"%d\" y=\"62\" width=\"12\" height=\"12\" fill=\"%s\"/>"
                           "<text x=\"%d\" y=\"72\">against %s</text>\n",
                           x, series[s].colour, x + 18, series[s].text);
            x += 18 + 7 * (int)(strlen(series[s].text) + 8) + 16;
        }
    }
}

static void draw_axis(struct chart *chart, int height) {
    struct cw_text *out = &chart->text;
    /* Labels at every power of two, or every other when there are many. */
    int step = chart->most - chart->least > 10 ? 2 : 1;
    for (int power = (int)chart->least; power <= (int)chart->most; power++) {
        double x = x_of(chart, power);
        bool unity = power == 0;
        cw_text_printf(out, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\" stroke-width=\"%s\"/>\n",
                       x, TOP - 8, x, height - BOTTOM, unity ? "#1b1f23" : "#e3e7eb", unity ? "1.5" : "1");
        if (power % step == 0) {
            cw_text_printf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#57606a\">%s%.0f</text>\n", x,
                           height - BOTTOM + 18, power < 0 ? "1/" : "", exp2(abs(power)));
        }
    }
    cw_text_printf(out,
                   "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">their time / our time (logarithmic; to the right "
                   "of 1 ours is faster)</text>\n",
                   (LEFT + WIDTH - RIGHT) / 2.0, height - BOTTOM + 40);
}

static void draw_group(struct chart *chart, const struct cw_bench_row *row, int y) {
    struct cw_text *out = &chart->text;
    char size[24];
    cw_bench_size_text(row->size, size);
    cw_text_printf(out,
                   "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s <tspan fill=\"#57606a\" "
                   "font-size=\"10\">%s</tspan></text>\n",
                   LEFT - 10, y + chart->bars * BAR / 2.0 + 4, row->kernel->name, size);
    for (int s = 0; s < SERIES_COUNT; s++) {
        double ratio = ratio_of(row, s);
        if (!chart->shown[s]) {
            continue;
        }
        if (ratio > 0) {
            double from = x_of(chart, 0), to = x_of(chart, log2(ratio));
            bool faster = to >= from;
            cw_text_printf(out, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
                           faster ? from : to, y, fmax(fabs(to - from), 1), BAR - 1, series[s].colour);
            cw_text_printf(out, "<text x=\"%.1f\" y=\"%d\" font-size=\"9\" text-anchor=\"%s\">%.*f</text>\n",
                           faster ? to + 3 : to - 3, y + BAR - 1, faster ? "start" : "end",
                           ratio < 0.1  ? 3
                           : ratio < 10 ? 2
                                        : 1,
                           ratio);
        }
        y += BAR;
    }
}

bool cw_bench_write_chart(const struct cw_bench *bench, const char *path) {
    struct chart chart = {.bench = bench};
    survey(&chart);
    if (chart.bars == 0) {
        cw_say_error("there is nothing to draw: no peer was measured");
        return false;
    }
    int group = chart.bars * BAR + GAP;
    int height = TOP + (int)bench->row_count * group + BOTTOM;
    draw_head(&chart, height);
    draw_axis(&chart, height);
    for (size_t i = 0; i < bench->row_count; i++) {
        draw_group(&chart, &bench->rows[i], TOP + (int)i * group);
    }
    cw_text_add(&chart.text, "</svg>\n");
    bool written = cw_file_write(path, chart.text.data, chart.text.size, 0) == CW_OK;
    if (!written) {
        cw_say_error("%s can't be written: %s", path, strerror(errno));
    }
    cw_text_fini(&chart.text);
    return written;
}
