// SPDX-License-Identifier: Apache-2.0

/// Bounds on what is taken from outside.
enum Limits {
    /// The longest text read as a CRN.
    ///
    /// Real ones stay under 500 bytes; a longer text is no CRN and stays a text.
    static let maximumCRNBytes = 8_192

    /// The most elements of a CRN.
    ///
    /// Real ones have at most 8; a text with more is no CRN.
    static let maximumCRNElements = 64

    /// The longest text read as a time.
    ///
    /// 46 bytes is the longest seen; a longer text is no time and stays a text.
    static let maximumTimestampBytes = 64
}
