// SPDX-License-Identifier: Apache-2.0

/// A promise that was broken; never the fault of the input.
package struct BrokenPromise: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
