// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The terminal that the program was started from, if it was.
enum Terminal {
    static let inputIsTerminal = isatty(STDIN_FILENO) == 1
    static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
    static let errorIsTerminal = isatty(STDERR_FILENO) == 1

    /// Colour only for people: on a terminal that can, unless they said no (no-color.org).
    static let usesColour = outputIsTerminal && environment("NO_COLOR") == nil && environment("TERM") != "dumb"

    /// Columns of standard output; `COLUMNS` where it is no terminal, else 120.
    static var width: Int {
        var size = winsize()
        if outputIsTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return Int(size.ws_col)
        }
        return environment("COLUMNS").flatMap(Int.init).map { max(40, $0) } ?? 120
    }

    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Writes all of the bytes to standard output.
    ///
    /// Ends the program quietly when nobody reads any more, as with `head`.
    static func write(_ bytes: some Collection<UInt8>) {
        write(bytes, to: STDOUT_FILENO)
    }

    static func write(_ text: String) {
        write(Array(text.utf8))
    }

    static func writeError(_ text: String) {
        write(Array(text.utf8), to: STDERR_FILENO)
    }

    /// Says what went wrong, in the form that programs of this kind have.
    static func complain(_ message: String) {
        writeError("martlet: \(message)\n")
    }

    private static func write(_ bytes: some Collection<UInt8>, to descriptor: Int32) {
        let bytes = Array(bytes)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                // SAFETY: `done` is below the count, so the pointer and the rest are inside the buffer.
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count < 0 {
                if errno == EINTR { continue }
                // A server goes on when nobody can read what it says, as when the disk of its messages is full.
                guard descriptor == STDOUT_FILENO else { return }
                if errno == EPIPE { exit(ExitStatus.fine.rawValue) }
                // Nothing may end as if it had been written.
                complain("cannot write the output: \(String(cString: strerror(errno)))")
                exit(ExitStatus.couldNotRun.rawValue)
            }
            done += count
        }
    }

    /// Text from outside, made harmless: control characters, also those that turn text around or clear the screen, are
    /// shown as escapes.
    static func harmless(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isHarmful(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}

/// The few colours there are, each for one meaning.
enum Colour: String {
    case good = "32"
    case bad = "31"
    case attention = "33"
    case quiet = "2"
    case heading = "1"

    func paint(_ text: String) -> String {
        Terminal.usesColour && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
