// SPDX-License-Identifier: Apache-2.0

import NIOSSL

/// TLS between clients and the gateway.
package struct ClientTLSOptions: Sendable {
    /// Whether clients are asked for a certificate of their own.
    package enum ClientCertificates: String, Sendable, CaseIterable {
        case none
        /// A client may show one; what it shows must be from the authorities.
        case request
        case require
    }

    /// PEM file of the certificates that clients are shown, the gateway's own first.
    package var certificateFile: String
    /// PEM file of its key.
    package var keyFile: String
    package var clientCertificates: ClientCertificates
    /// PEM file of the authorities of clients' certificates; must be there when clients are asked for one.
    package var clientAuthoritiesFile: String?
    package var principalRules: PrincipalRules

    package init(
        certificateFile: String,
        keyFile: String,
        clientCertificates: ClientCertificates = .none,
        clientAuthoritiesFile: String? = nil,
        principalRules: PrincipalRules
    ) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.clientCertificates = clientCertificates
        self.clientAuthoritiesFile = clientAuthoritiesFile
        self.principalRules = principalRules
    }

    func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try PEMFile.certificates(certificateFile),
            privateKey: try PEMFile.key(keyFile)
        )
        configuration.minimumTLSVersion = .tlsv12
        if clientCertificates != .none {
            guard let clientAuthoritiesFile else { throw GatewayError(.configuration, Self.noAuthorities) }
            configuration.trustRoots = .file(clientAuthoritiesFile)
            configuration.certificateVerification =
                clientCertificates == .require ? .noHostnameVerification : .optionalVerification
        }
        return try PEMFile.context(configuration, [certificateFile, keyFile, clientAuthoritiesFile])
    }

    private static let noAuthorities = "clients are asked for certificates, but no authorities are named"
}

/// TLS between the gateway and brokers.
package struct BrokerTLSOptions: Sendable {
    /// Whether a broker has to prove who it is.
    package enum Verification: String, Sendable, CaseIterable {
        /// The certificate must be from the authorities, and for the broker's name or, which NIOSSL takes as well, for the address
        /// connected to.
        case full
        /// Any certificate is taken: whoever stands between may read and change everything.
        case insecureNone = "insecure-none"
    }

    /// PEM file of the authorities of brokers' certificates; the system's when nil.
    package var authoritiesFile: String?
    /// PEM files of what the gateway shows brokers.
    package var certificateFile: String?
    package var keyFile: String?
    /// The name that brokers' certificates must be for; the host that is connected to when nil.
    package var serverName: String?
    package var verification: Verification

    package init(
        authoritiesFile: String? = nil,
        certificateFile: String? = nil,
        keyFile: String? = nil,
        serverName: String? = nil,
        verification: Verification = .full
    ) {
        self.authoritiesFile = authoritiesFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
        self.verification = verification
    }

    func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authoritiesFile { configuration.trustRoots = .file(authoritiesFile) }
        if verification == .insecureNone { configuration.certificateVerification = .none }
        if let certificateFile {
            guard let keyFile else { throw GatewayError(.configuration, "the certificate for brokers has no key") }
            configuration.certificateChain = try PEMFile.certificates(certificateFile)
            configuration.privateKey = try PEMFile.key(keyFile)
        }
        return try PEMFile.context(configuration, [certificateFile, keyFile, authoritiesFile])
    }

    /// A new handler for a connection to a broker.
    func handler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        let name = serverName ?? host
        // RFC 6066 §3: an address is no server name. The certificate is then compared with the address.
        return try NIOSSLClientHandler(context: context, serverHostname: IPAddress(name) == nil ? name : nil)
    }
}

/// Files of TLS, with errors that name them.
private enum PEMFile {
    static func certificates(_ file: String) throws(GatewayError) -> [NIOSSLCertificateSource] {
        do {
            return try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) }
        } catch {
            throw GatewayError(.configuration, "\(file) can't be read, or holds no certificates in PEM form")
        }
    }

    static func key(_ file: String) throws(GatewayError) -> NIOSSLPrivateKeySource {
        do {
            return .privateKey(try NIOSSLPrivateKey(file: file, format: .pem))
        } catch {
            throw GatewayError(.configuration, "\(file) can't be read, or holds no key in PEM form without a password")
        }
    }

    static func context(_ configuration: TLSConfiguration, _ named: [String?]) throws(GatewayError) -> NIOSSLContext {
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            let files = named.compactMap { $0 }
            let names = files.isEmpty ? "the system's authorities" : files.joined(separator: ", ")
            throw GatewayError(
                .configuration,
                "TLS can't be set up with \(names): do certificate and key belong together?"
            )
        }
    }
}
