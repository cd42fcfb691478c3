import EventLog
import PromotionModel
import Testing

/// Who is let in, and who may what.
@Suite struct TokensAndRoles {
    private let ci = TokenName(unchecked: "ci")
    private let digest = String(repeating: "ab", count: 32)

    private func shop() -> World {
        var world = World()
        world.given(Shop.manual)
        return world
    }

    private func issue(
        _ name: String = "ci",
        _ digest: String? = nil,
        end: TokenEnd = .never,
        _ grants: [RoleGrant] = []
    ) -> Command {
        .issueToken(
            IssueToken(
                token: TokenName(unchecked: name),
                digest: digest ?? self.digest,
                end: end,
                grants: grants
            )
        )
    }

    private func grant(_ principal: String, _ grant: RoleGrant) -> Command {
        .grantRole(GrantRole(principal: Principal(unchecked: principal), grant: grant))
    }

    private func powers(_ world: World, _ principal: String = "token/ci") -> Powers {
        Powers(world.facts.roles(of: Principal(unchecked: principal)).grants)
    }

    @Test func `a token is known by its digest, with its end, and roles come with it`() {
        var world = shop()
        world.when(
            issue(end: .after(milliseconds: 60_000), [RoleGrant(.viewer, in: Shop.project)])
        )
        #expect(world.madeEvents == [.tokenIssued, .roleGranted])
        #expect(world.facts.token(withDigest: digest) == ci)
        let token = world.facts.token(ci)
        #expect(token?.isGood(at: world.now) == true)
        #expect(token?.isGood(at: world.now.adding(milliseconds: 60_000)) == false)
        #expect(powers(world).see(Shop.project))
        #expect(!powers(world).seeEverything)
    }

    @Test func `tokens are refused in the order of the documentation`() {
        var world = shop()
        world.when(issue("operator", "x"))
        #expect(world.refusal == .tokenReserved(.operator))
        let past = world.now.adding(milliseconds: -1)
        world.when(issue("ci", "x", end: .at(past)))
        #expect(world.refusal == .tokenDigestMalformed(ci))
        world.when(issue(end: .at(past)))
        #expect(world.refusal == .tokenExpiresInPast(ci, past))
        world.when(.revokeToken(RevokeToken(token: ci)))
        #expect(world.refusal == .unknownToken(ci))
        world.when(issue(end: .after(milliseconds: 60_000)))
        world.when(issue("ci", String(repeating: "cd", count: 32)))
        #expect(world.refusal == .tokenExists(ci))
        world.when(issue("other"))
        #expect(world.refusal == .tokenDigestMalformed(TokenName(unchecked: "other")))
    }

    @Test func `a name is free again when its token was revoked or is too old`() {
        var world = shop()
        world.when(issue(end: .after(milliseconds: 60_000)))
        world.wait(minutes: 1)
        world.when(issue("ci", String(repeating: "cd", count: 32)))
        #expect(world.madeEvents == [.tokenIssued])
        world.when(.revokeToken(RevokeToken(token: ci)))
        #expect(world.facts.token(ci)?.isGood(at: world.now) == false)
        #expect(world.when(.revokeToken(RevokeToken(token: ci))) == .quiet)
        world.when(issue("ci", String(repeating: "ef", count: 32)))
        #expect(world.facts.token(ci)?.isGood(at: world.now) == true)
        // The digest of the first one leads to the name, whose token is another by now.
        #expect(world.facts.token(withDigest: digest) == ci)
        #expect(world.facts.token(ci)?.digest != digest)
    }

    @Test func `a promoter of prod-* may not move freight to uat`() {
        var world = shop()
        world.when(issue())
        let role = RoleGrant(.promoter, in: Shop.project, stages: ["prod*"])
        world.when(grant("token/ci", role))
        let powers = powers(world)
        func may(_ stage: StageName) -> Bool {
            powers.allow(Need(.promote, in: Shop.project, for: .stage(stage)))
        }
        #expect(may(Shop.prod))
        #expect(!may(Shop.uat))
        #expect(!powers.allow(Need(.approve, in: Shop.project)))
        #expect(!powers.allow(Need(.read, in: ProjectName(unchecked: "bakery"))))
    }

    @Test func `a role again replaces its stages, and the same is quiet`() {
        var world = shop()
        let first = RoleGrant(.promoter, in: Shop.project, stages: ["prod*"])
        let second = RoleGrant(.promoter, in: Shop.project)
        world.when(grant("user/on-call", first))
        #expect(world.when(grant("user/on-call", first)) == .quiet)
        world.when(grant("user/on-call", second))
        let list = world.facts.roles(of: Principal(unchecked: "user/on-call"))
        #expect(list.grants.map(\.stages) == [[]])
        let revocation = RevokeRole(
            principal: Principal(unchecked: "user/on-call"),
            role: .promoter,
            project: Shop.project
        )
        world.when(.revokeRole(revocation))
        #expect(powers(world, "user/on-call") == .none)
        world.when(.revokeRole(revocation))
        #expect(
            world.refusal == .roleNotHeld(revocation.principal, .promoter, Shop.project)
        )
    }

    @Test func `roles are refused in the order of the documentation`() {
        var world = shop()
        let bakery = ProjectName(unchecked: "bakery")
        world.when(grant("token/none", RoleGrant(.viewer, in: bakery, stages: ["{"])))
        #expect(world.refusal == .unknownProject(bakery))
        world.when(grant("token/none", RoleGrant(.viewer, in: Shop.project, stages: ["{"])))
        #expect(world.refusal == .unknownToken(TokenName(unchecked: "none")))
        world.when(grant("group/x", RoleGrant(.viewer, in: Shop.project, stages: ["{"])))
        #expect(world.refusal == .roleTakesNoStages(.viewer))
        let many = (0...ModelLimits.stagePatternCountMax).map { "s\($0)" }
        world.when(grant("group/x", RoleGrant(.promoter, in: Shop.project, stages: many)))
        #expect(world.refusal == .tooManyPatterns(many.count))
        world.when(grant("group/x", RoleGrant(.promoter, in: Shop.project, stages: ["["])))
        guard case .stagePatternMalformed("[", _) = world.refusal else {
            Issue.record("\(world.refusal as Any)")
            return
        }
    }

    @Test(arguments: Permission.allCases)
    func `a role in all projects holds in each, an admin may everything`(
        _ permission: Permission
    ) {
        let need = Need(permission, in: Shop.project, for: .stage(Shop.prod))
        #expect(Powers.everything.allow(need))
        #expect(!Powers.none.allow(need))
        for role in Role.allCases {
            let everywhere = Powers([RoleGrant(role, in: .cluster)])
            #expect(everywhere.allow(need) == permission.roles.contains(role))
            let here = Powers([RoleGrant(role, in: Shop.project)])
            #expect(here.allow(need) == permission.roles.contains(role))
            #expect(!here.allow(Need(permission, in: nil)))
            let elsewhere = Powers([RoleGrant(role, in: ProjectName(unchecked: "bakery"))])
            #expect(!elsewhere.allow(need))
        }
    }

    @Test(arguments: [
        "token/ci", "user/on-call@example.com", "group/Release Managers", "group/a/b",
    ])
    func `whoever can have roles is written with his kind`(_ text: String) {
        #expect(Principal(rawValue: text)?.rawValue == text)
    }

    @Test(arguments: ["ci", "token/", "token/CI", "user/", "robot/x", "user/a\u{0}b", "group/a\nb"])
    func `what names nobody has no roles`(_ text: String) {
        #expect(Principal(rawValue: text) == nil)
    }
}
