// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Certificates that are made with `openssl` for one test, in a directory that goes with it.
final class CertificateAuthority: Sendable {
    struct Certificate: Sendable {
        let certificateFile: String
        let keyFile: String
    }

    struct Failure: Error { let message: String }

    private let directory: URL
    let certificateFile: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "martlet-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        certificateFile = directory.appending(path: "ca.pem").path
        try Self.openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=test authority", "-keyout", directory.appending(path: "ca.key").path, "-out", certificateFile,
        ])
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// A certificate for a subject and names such as `DNS:localhost`; below 0 days it has expired.
    func issue(subject: String, names: [String], days: Int = 2) throws -> Certificate {
        let name = UUID().uuidString
        func file(_ kind: String) -> String { directory.appending(path: "\(name).\(kind)").path }
        try Self.openssl([
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-utf8", "-multivalue-rdn",
            "-subj", subject, "-keyout", file("key"), "-out", file("csr"),
        ])
        let extensions = names.isEmpty ? "basicConstraints=CA:FALSE" : "subjectAltName=\(names.joined(separator: ","))"
        try Data(extensions.utf8).write(to: URL(filePath: file("ext")))
        try Self.openssl([
            "x509", "-req", "-in", file("csr"), "-CA", certificateFile,
            "-CAkey", directory.appending(path: "ca.key").path, "-CAcreateserial", "-days", "\(days)",
            "-extfile", file("ext"), "-out", file("pem"),
        ])
        return Certificate(certificateFile: file("pem"), keyFile: file("key"))
    }

    /// A file with a certificate's key under a password.
    func locked(_ certificate: Certificate, password: String) throws -> String {
        let path = certificate.keyFile + ".locked"
        try Self.openssl(["ec", "-in", certificate.keyFile, "-aes256", "-passout", "pass:\(password)", "-out", path])
        return path
    }

    private static func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(message: String(decoding: text, as: UTF8.self))
        }
    }
}
