// SPDX-License-Identifier: Apache-2.0

/// Kinds of resources, written `Topic` in checks, `TOPIC` in the cloud form and `topic` in CRNs.
enum ResourceKind {
    /// Lower case with hyphens between words, as in CRNs: `CloudApiKey` and `CLOUD_API_KEY` are
    /// `cloud-api-key`.
    static func canonicalText(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + 4)
        var followsLowercase = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                if followsLowercase { result.append(UInt8(ascii: "-")) }
                result.append(byte | 0x20)
                followsLowercase = false
            case UInt8(ascii: "_"):
                result.append(UInt8(ascii: "-"))
                followsLowercase = false
            default:
                result.append(byte)
                followsLowercase = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
