// SPDX-License-Identifier: Apache-2.0

extension PythonTables {
    /// The fields of each line, with `\n`, `\t`, `\s` for a space, and `\\` resolved.
    static func rows(of table: String) -> [[String]] {
        table.split(separator: "\n").map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map(unescaped)
        }
    }

    private static func unescaped(_ field: Substring) -> String {
        var text = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in field.unicodeScalars {
            if scalar == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            switch (isEscaped, scalar) {
            case (true, "n"): text.append("\n")
            case (true, "t"): text.append("\t")
            case (true, "s"): text.append(" ")
            default: text.append(scalar)
            }
            isEscaped = false
        }
        return String(text)
    }
}
