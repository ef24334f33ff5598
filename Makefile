# SPDX-License-Identifier: Apache-2.0
# Short names for what CMake, CTest and the scripts do. `make demo` and `make test` are all that a fresh machine needs.
BUILD  ?= build
PREFIX ?= /usr/local

# One thing after the other; CMake's build runs side by side by itself.
.NOTPARALLEL:
.PHONY: all build demo test test-gpu install bench clean dependencies

all: build

dependencies:
	@scripts/install-dependencies

build:
	@cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release --log-level=WARNING
	@cmake --build $(BUILD)

demo: dependencies build
	@scripts/demo $(BUILD)

test: dependencies
	@scripts/test

test-gpu: dependencies build
	@scripts/test-gpu

bench: dependencies build
	@bench/run --build $(BUILD)

install: build
	@cmake --install $(BUILD) --prefix $(PREFIX)

clean:
	rm -rf $(BUILD) build-*
