// SPDX-License-Identifier: Apache-2.0

extension AuthorizerLine {
    /// The same in bytes of which the first were left out.
    func moved(by distance: Int) -> AuthorizerLine {
        guard distance != 0 else { return self }
        func move(_ range: Range<Int>) -> Range<Int> { range.lowerBound + distance..<range.upperBound + distance }
        let movedRule: Rule? =
            if case .acl(let acl)? = rule {
                .acl(
                    ACL(
                        resourceName: move(acl.resourceName),
                        patternType: move(acl.patternType),
                        principal: move(acl.principal),
                        host: move(acl.host),
                        operation: move(acl.operation),
                        permissionType: move(acl.permissionType)
                    )
                )
            } else {
                rule
            }
        return AuthorizerLine(
            principal: move(principal),
            isAllowed: isAllowed,
            operation: move(operation),
            host: move(host),
            resourceType: move(resourceType),
            patternType: patternType.map(move),
            resourceName: move(resourceName),
            requestName: requestName.map(move),
            resourceReferenceCount: resourceReferenceCount,
            rule: movedRule,
            isAmbiguous: isAmbiguous
        )
    }
}
