// SPDX-License-Identifier: Apache-2.0

private import CZlib

/// CRC-32 as in gzip (ISO 3309), which Parquet keeps of each page's bytes as they stand in the file.
enum PageChecksum {
    static func checksum(_ bytes: RawSpan) -> UInt32 {
        unsafe bytes.withUnsafeBytes { buffer in
            // SAFETY: the function reads exactly `count` bytes from a pointer valid inside this closure.
            unsafe UInt32(
                truncatingIfNeeded: crc32_z(0, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count)
            )
        }
    }
}
