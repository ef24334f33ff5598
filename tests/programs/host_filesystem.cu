// SPDX-License-Identifier: Apache-2.0
// std::filesystem in host code: what a kernel computed goes to files in folders, which are listed, copied, renamed and removed.
// EXPECT: made 1, again 0, folder 1
// EXPECT: a.bin 256 bytes, file 1
// EXPECT: sorted: a.bin b.bin deep
// EXPECT: below: a.bin@0 b.bin@0 deep@0 leaf@1 c.bin@2
// EXPECT: not entered: a.bin b.bin deep
// EXPECT: copy 1, again 0, overwritten 1
// EXPECT: renamed: 0 1
// EXPECT: resized to 12, empty 0 0 1
// EXPECT: later 1
// EXPECT: canonical 1, relative deep/leaf
// EXPECT: error: No such file or directory
// EXPECT: no file: 1, size -1
// EXPECT: removed 1 0, 6 in all, there 0
// EXPECT: first 0, last 63
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "check.h"

namespace fs = std::filesystem;

__global__ void fill(int *out) { out[threadIdx.x] = threadIdx.x; }

template <class Iterator> static std::string list(Iterator entries, bool depth) {
    std::vector<std::string> names;
    std::string text;
    for (Iterator i = entries; i != Iterator(); ++i) {
        std::string name = i->path().filename().string();
        if constexpr (std::is_same_v<Iterator, fs::recursive_directory_iterator>) {
            if (depth)
                name += "@" + std::to_string(i.depth());
            else
                i.disable_recursion_pending();
        }
        names.push_back(name);
    }
    if (!depth)
        std::sort(names.begin(), names.end());
    else
        std::stable_sort(names.begin(), names.end(), [](const std::string &a, const std::string &b) { return a.back() < b.back() || (a.back() == b.back() && a < b); });
    for (const std::string &name : names)
        text += " " + name;
    return text;
}

int main() {
    Array<int> values(64);
    fill<<<1, 64>>>(values.data);
    const std::vector<int> numbers = values.host();

    const fs::path root = fs::temp_directory_path() / ("cuda-wasm-" + std::to_string(std::chrono::system_clock::now().time_since_epoch().count()));
    const fs::path deep = root / "deep" / "leaf";
    const bool made = fs::create_directories(deep), again = fs::create_directories(deep);
    std::printf("made %d, again %d, folder %d\n", made, again, fs::is_directory(deep));
    for (const fs::path &name : {root / "a.bin", root / "b.bin", deep / "c.bin"})
        std::ofstream(name, std::ios::binary).write(reinterpret_cast<const char *>(numbers.data()), 256);
    std::printf("a.bin %d bytes, file %d\n", static_cast<int>(fs::file_size(root / "a.bin")), fs::is_regular_file(root / "a.bin"));
    std::printf("sorted:%s\n", list(fs::directory_iterator(root), false).c_str());
    std::printf("below:%s\n", list(fs::recursive_directory_iterator(root), true).c_str());
    std::printf("not entered:%s\n", list(fs::recursive_directory_iterator(root), false).c_str());

    const bool copied = fs::copy_file(root / "a.bin", deep / "d.bin"), skipped = fs::copy_file(root / "a.bin", deep / "d.bin", fs::copy_options::skip_existing);
    std::printf("copy %d, again %d, overwritten %d\n", copied, skipped, fs::copy_file(root / "a.bin", deep / "d.bin", fs::copy_options::overwrite_existing));
    fs::rename(deep / "d.bin", root / "e.bin");
    std::printf("renamed: %d %d\n", fs::exists(deep / "d.bin"), fs::exists(root / "e.bin"));
    fs::resize_file(root / "e.bin", 12);
    fs::create_directory(root / "none");
    std::printf("resized to %d, empty %d %d %d\n", static_cast<int>(fs::file_size(root / "e.bin")), fs::is_empty(root / "e.bin"), fs::is_empty(root), fs::is_empty(root / "none"));
    fs::last_write_time(root / "e.bin", fs::last_write_time(root / "a.bin") + std::chrono::hours(1));
    std::printf("later %d\n", fs::last_write_time(root / "e.bin") > fs::last_write_time(root / "a.bin"));
    std::printf("canonical %d, relative %s\n", fs::canonical(root / "deep" / "." / ".." / "deep") == fs::canonical(root) / "deep",
                fs::relative(deep, root).generic_string().c_str());
    try {
        fs::copy_file(root / "nowhere", root / "f.bin");
    } catch (const fs::filesystem_error &error) {
        std::printf("error: %s\n", error.code() == std::errc::no_such_file_or_directory && error.path1() == root / "nowhere" ? "No such file or directory" : error.what());
    }
    std::error_code code;
    const auto size = fs::file_size(root / "nowhere", code);
    std::printf("no file: %d, size %d\n", code.value() == ENOENT, static_cast<int>(size));

    const fs::directory_entry entry(root / "a.bin");
    std::vector<int> read(64);
    std::ifstream(entry.path(), std::ios::binary).read(reinterpret_cast<char *>(read.data()), 256);
    const bool first = fs::remove(root / "e.bin"), second = fs::remove(root / "e.bin");
    fs::remove(root / "none");
    const auto count = static_cast<int>(fs::remove_all(root));
    std::printf("removed %d %d, %d in all, there %d\n", first, second, count, fs::exists(root));
    std::printf("first %d, last %d\n", read.front(), read.back());
}
