import Testing

/// Following chains: the rules of docs/registry-format.md, each with a violation.
struct ChainScenarioTests {
    @Test(arguments: ChainScenario.followed)
    func `a chain is followed`(_ scenario: ChainScenario) throws { try scenario.play() }

    @Test(arguments: ChainScenario.refused)
    func `what does not continue a chain is refused`(_ scenario: ChainScenario) throws {
        try scenario.play()
    }

    @Test(arguments: ChainScenario.attacks)
    func `an attack on a chain moves nothing`(_ scenario: ChainScenario) throws {
        try scenario.play()
    }
}
