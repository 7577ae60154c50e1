# SPDX-License-Identifier: Apache-2.0
#
# Every target is safe to repeat. `make` alone lists them.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

export MARTLET_PYTHON := $(CURDIR)/.venv/bin/python
FUZZ_SECONDS ?= 60

# Packages of Debian and of Python are installed before anything that needs them; both do nothing when all is there.
BUILD_NEEDS := Scripts/install-packages build
TEST_NEEDS := Scripts/install-packages build tests && Scripts/python-environment Tests/requirements.txt \
	&& Scripts/verify-tlog-go

.PHONY: help run test test-all test-verifiers check lint format generate bench bench-query bench-large bench-scanner bench-segment bench-gateway bench-kafka fuzz docs tsan asan clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: ## build in release mode and serve the example day on http://127.0.0.1:8080
	@$(BUILD_NEEDS)
	swift build -c release --product martlet
	@Scripts/run-example

test: ## run the tests (half an hour on two cores, a quarter of it the first build)
	@$(TEST_NEEDS)
	$(MARTLET_PYTHON) Tools/test_verify_tlog.py
	$(MARTLET_PYTHON) Tools/kafka-messages/test_generate.py
	swift build --build-tests
	swift test --skip-build

test-all: ## run the tests with the long campaigns: crashes, load, and the fuzzers for ten minutes
	@$(TEST_NEEDS)
	$(MARTLET_PYTHON) Tools/test_verify_tlog.py
	$(MARTLET_PYTHON) Tools/kafka-messages/test_generate.py
	swift build --build-tests
	MARTLET_LONG=1 swift test --skip-build
	FUZZ_SECONDS=600 Scripts/fuzz

test-verifiers: ## try the two independent verifiers of the log on made-up logs, sound and tampered with
	@$(TEST_NEEDS)
	$(MARTLET_PYTHON) Tools/test_verify_tlog.py

check: ## licence lines, scripts, lint, generated files and warnings; runs no test
	@Scripts/install-packages build tests
	@Scripts/check

lint: ## say what the formatter and the linter object to
	@Scripts/swift-files | xargs -0 swift format lint --strict --parallel

format: ## format all Swift files in place
	@Scripts/swift-files | xargs -0 swift format --in-place --parallel

generate: ## write the generated files anew
	@Scripts/generate

bench: ## ingest a million events beside DuckDB, load the gateway beside proxies, topics beside kcat, and compare
	@Scripts/install-packages build tests
	@Scripts/python-environment Benchmarks/requirements.txt
	swift build -c release --product martlet
	@.venv/bin/python Benchmarks/ingest.py
	@$(MAKE) --no-print-directory bench-gateway
	@$(MAKE) --no-print-directory bench-kafka

bench-query: ## ask a million events what the workload asks, beside DuckDB, ClickHouse and Polars
	@Scripts/install-packages build tests
	@Scripts/python-environment Benchmarks/requirements.txt Benchmarks/requirements-peers.txt
	swift build -c release --product martlet
	swift build -c release --product QueryBenchmark
	@.venv/bin/python Benchmarks/query.py

bench-large: ## the same of twenty million events beside DuckDB; needs about 40 GB of disk
	@Scripts/install-packages build tests
	@Scripts/python-environment Benchmarks/requirements.txt
	swift build -c release --product martlet
	swift build -c release --product QueryBenchmark
	@.venv/bin/python Benchmarks/query.py --large

bench-scanner: ## scan events on one core and print events/s
	@$(BUILD_NEEDS) && Scripts/python-environment Benchmarks/requirements.txt
	@mkdir -p .bench
	@test -s .bench/events-200k.ndjson || .venv/bin/python Benchmarks/gen_events.py --events 200000 --seed 1 --out .bench/events-200k.ndjson
	swift build -c release --package-path Benchmarks --scratch-path .build-bench
	.build-bench/release/ScannerBenchmark .bench/events-200k.ndjson 7

bench-segment: ## make a million events one segment, read it back, and print sizes and speeds
	@$(BUILD_NEEDS) && Scripts/python-environment Benchmarks/requirements.txt
	@mkdir -p .bench
	@test -s .bench/events-1m.ndjson || .venv/bin/python Benchmarks/gen_events.py --events 1000000 --seed 1 --out .bench/events-1m.ndjson
	swift build -c release --package-path Benchmarks --scratch-path .build-bench
	.build-bench/release/SegmentBenchmark .bench/events-1m.ndjson .bench/segment.parquet

bench-gateway: ## load the Kafka gateway beside nginx, HAProxy and no proxy
	@Scripts/install-packages build bench
	swift build -c release --product martlet
	@python3 Benchmarks/gateway.py

bench-kafka: ## read topics into the log and write the log to topics, beside files and kcat
	@Scripts/install-packages build tests bench
	@Scripts/python-environment Benchmarks/requirements.txt
	swift build -c release --product martlet
	@.venv/bin/python Benchmarks/kafka.py

fuzz: ## run every fuzzer for FUZZ_SECONDS (60)
	@$(BUILD_NEEDS)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) Scripts/fuzz

docs: ## write the reference of all targets to .build/docs
	@Scripts/docs

tsan: ## run the tests under ThreadSanitizer
	@$(TEST_NEEDS)
	swift test --sanitize=thread --scratch-path .build-tsan

asan: ## run the tests under AddressSanitizer
	@$(TEST_NEEDS)
	ASAN_OPTIONS=detect_leaks=0 swift test --sanitize=address --scratch-path .build-asan

clean: ## remove what was built; the corpus in .bench and the data in data-example stay
	rm -rf .build .build-* .venv Fuzz/.build
