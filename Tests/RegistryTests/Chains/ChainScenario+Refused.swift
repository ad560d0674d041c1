extension ChainScenario {
    /// What does not continue a chain.
    static let refused: [ChainScenario] = [
        ChainScenario(
            "a gap",
            "A1 -> A2 -> A3 -> A4",
            """
            register alice A1 => alice A1#1
            A2 A4 => alice A1#1: the step to version 4 does not follow the one before it
            A3 A4 => alice A1#1: continues from version 2, but version 1 is the last one known
            A3 A2 A4 => alice A1#1: continues from version 2, but version 1 is the last one known
            log A3 => alice A1#1: not by this identity's key
            """
        ),
        ChainScenario(
            "a renewal that is left out",
            "A1 -> renew -> A2 -> renew' -> renew''",
            """
            register alice A1 => alice A1#1
            A2 => alice A1#1: does not begin with its identity
            log A2 => alice A1#1: does not continue its chain
            renew A2 => alice A2#2
            renew'' => alice A2#2: a statement before it is missing
            log renew'' => alice A2#2: does not continue its chain
            """
        ),
        ChainScenario(
            "an empty file, and a chain of another identity",
            """
            A1 -> A2 -> A3
            B1 -> B2
            """,
            """
            register alice A1 => alice A1#1
            nothing => alice A1#1: none of the keys in the statements is known
            B2 => alice A1#1: none of the keys in the statements is known
            A2 B2 => alice A1#1: the step to version 2 does not follow the one before it
            """
        ),
        ChainScenario(
            "a rotation to a key of another identity",
            """
            A1 -> A2
            B1 -> A2'
            """,
            """
            register alice A2 => alice A2#1
            register bob B1 => bob B1#1
            A2' => alice A2#1, bob B1#1: it leads to a key of "alice"
            log A2' => alice A2#1, bob B1#1: the new key is known already
            """
        ),
        ChainScenario(
            "signatures by a stranger",
            """
            A1 -> A2 -> A3?
            |  -> A2?
            |     -> renew?
            """,
            """
            register alice A1 => alice A1#1
            A2? => alice A1#1: is not signed by both keys
            log A2? => alice A1#1: a signature is wrong
            renew? => alice A1#1: a change is not signed by its version
            log renew? => alice A1#1: a signature is wrong
            A2 A3? => alice A1#1: is not signed by both keys
            -A1? => alice A1#1: a revocation is not signed by its key
            log -A1? => alice A1#1: a signature is wrong
            -B1(A1,1) => alice A1#1: it revokes a key that is not known here
            -A2 A2 => alice A1#1: it revokes a key that is not known here
            """
        ),
        ChainScenario(
            "statements from the future",
            """
            A1 -> A2+
            |  -> renew+
            """,
            """
            register alice A1 => alice A1#1
            A2+ => alice A1#1: is in the future
            renew+ => alice A1#1: is in the future
            log A2+ => alice A1#1: is in the future
            -A1+ => alice A1#1: is in the future
            """
        ),
        ChainScenario(
            "a statement that only the owner of a registry may make",
            "A1 -> A2",
            """
            register alice A1 => alice A1#1
            A2 remove => alice A1#1: a statement of a registry's owner
            """
        ),
        ChainScenario(
            "nothing follows a retired version",
            """
            A1 -> retire -> A2
                  | -> renew
            """,
            """
            register alice A1 => alice A1#1
            retire A2 => alice A1#1: version 1 was retired, so nothing can follow it
            retire => alice retired, +1
            retire => alice retired, +0
            A2 => alice retired: does not begin with its identity
            retire A2 => alice retired: version 1 was retired, so nothing can follow it
            renew => alice retired: version 1 was retired, so nothing can follow it
            log A2 => alice retired: does not continue its chain
            log renew => alice retired: does not continue its chain
            """
        ),
        ChainScenario(
            "a revoked version leads nowhere, and does not freeze what follows it",
            """
            A1 -> A2 -> A3
            | -> B2
            """,
            """
            register alice A1 => alice A1#1
            A2 -A1 => alice A2#2, +2
            B2 => alice A2#2: version 1 of "alice" was revoked
            -A2 => alice revoked, +1
            A2 A3 => alice revoked: version 2 of "alice" was revoked
            log A3 => alice revoked: does not continue its chain
            """
        ),
        ChainScenario(
            "a rotation back to an old key",
            "A1 -> A2 -> A1'",
            """
            register alice A1 => alice A1#1
            A2 A1' => alice A1#1: it leads to a key of "alice"
            """
        ),
        ChainScenario(
            "a rotation to a revoked key",
            """
            A1 -> A2
            B1 -> A1'
            """,
            """
            register alice A1 => alice A1#1
            register bob B1 => bob B1#1
            -A1 => alice revoked
            replace alice C1 => alice C1#1
            A1' => bob B1#1: it leads to a key that was revoked
            log A1' => bob B1#1: the new key is known already
            """
        ),
    ]
}
