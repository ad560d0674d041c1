internal import CPKCS11

extension Session {
    /// The most objects that one search returns.
    private static let largestObjectCount = 1000
    private static let objectsInOneCall = 64

    /// Returns the handles of all objects that have the attributes of `template`.
    ///
    /// Throws `PKCS11Error` if the module fails, or if there are more than 1,000.
    func objects(_ template: borrowing AttributeTemplate) throws(PKCS11Error) -> [CK_OBJECT_HANDLE]
    {
        // SAFETY: the template lives during the call.
        try check(
            "C_FindObjectsInit",
            unsafe functions.pointee.C_FindObjectsInit?(handle, template.start, template.count)
        )
        // The search must end in every case, or the session takes no other one.
        defer { _ = unsafe functions.pointee.C_FindObjectsFinal?(handle) }
        var found: [CK_OBJECT_HANDLE] = []
        while true {
            var part = [CK_OBJECT_HANDLE](repeating: 0, count: Session.objectsInOneCall)
            var count: CK_ULONG = 0
            // SAFETY: the module writes at most as many handles as it is told.
            let result = unsafe functions.pointee.C_FindObjects?(
                handle,
                &part,
                CK_ULONG(part.count),
                &count
            )
            try check("C_FindObjects", result)
            guard count <= CK_ULONG(part.count) else {
                throw PKCS11Error.wrongAnswer("C_FindObjects")
            }
            guard count > 0 else { return found }
            found += part.prefix(Int(count))
            guard found.count <= Session.largestObjectCount else {
                throw PKCS11Error.tooMany("keys")
            }
        }
    }

    /// Returns the value of an attribute; `nil` if the object does not have it or does not show it,
    /// or if it is longer than `limit` bytes.
    ///
    /// Throws `PKCS11Error` if the module fails, or gives an impossible length.
    func value(
        _ type: UInt,
        of object: CK_OBJECT_HANDLE,
        limit: Int
    ) throws(PKCS11Error) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: limit)
        var count = CK_ULONG(limit)
        // SAFETY: the module writes at most as many bytes as the attribute says.
        let result = unsafe bytes.withUnsafeMutableBytes { buffer in
            var attribute = unsafe CK_ATTRIBUTE(
                type: CK_ATTRIBUTE_TYPE(type),
                pValue: buffer.baseAddress,
                ulValueLen: count
            )
            let result = unsafe functions.pointee.C_GetAttributeValue?(
                handle,
                object,
                &attribute,
                1
            )
            count = unsafe attribute.ulValueLen
            return result
        }
        switch result {
        case CK_RV(CKR_ATTRIBUTE_TYPE_INVALID), CK_RV(CKR_ATTRIBUTE_SENSITIVE),
            CK_RV(CKR_BUFFER_TOO_SMALL):
            return nil
        default: try check("C_GetAttributeValue", result)
        }
        guard count != CK_ULONG.max else { return nil }  // CK_UNAVAILABLE_INFORMATION
        guard count <= CK_ULONG(limit) else { throw PKCS11Error.wrongAnswer("C_GetAttributeValue") }
        return Array(bytes.prefix(Int(count)))
    }

    /// Returns a truth value; `nil` if the object does not have the attribute.
    func flag(_ type: UInt, of object: CK_OBJECT_HANDLE) throws(PKCS11Error) -> Bool? {
        guard let bytes = try value(type, of: object, limit: MemoryLayout<CK_ULONG>.size) else {
            return nil
        }
        guard bytes.count == 1 else { throw PKCS11Error.wrongAnswer("C_GetAttributeValue") }
        return bytes[0] != 0
    }

    /// Deletes an object; throws `PKCS11Error` if the token refuses.
    func destroy(_ object: CK_OBJECT_HANDLE) throws(PKCS11Error) {
        try check("C_DestroyObject", unsafe functions.pointee.C_DestroyObject?(handle, object))
    }
}
