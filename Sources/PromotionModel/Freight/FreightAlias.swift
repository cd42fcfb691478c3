/// Names for freight that people can say: an adjective and an animal, made from the id.
package enum FreightAlias {
    /// The alias of `id`, or the same with digits of the id behind it where it is taken.
    package static func alias(
        for id: FreightID,
        isTaken: (String) throws(FactsFailure) -> Bool
    ) throws(FactsFailure) -> String {
        let digits = Array(id.rawValue.utf8)
        func number(_ start: Int) -> Int {
            digits[start..<start + 6].reduce(0) { $0 &* 31 &+ Int($1) }
        }
        let adjective = adjectives[number(0) % adjectives.count]
        let animal = animals[number(6) % animals.count]
        let plain = "\(adjective)-\(animal)"
        for digitCount in [0, 4, 8, 64] {
            let alias = digitCount == 0 ? plain : "\(plain)-\(id.rawValue.prefix(digitCount))"
            if try !isTaken(alias) { return alias }
        }
        preconditionFailure("freight \(id) has an alias already")
    }

    /// Whether `text` may be an alias: a name as resources have it, at most 63 bytes.
    package static func isAlias(_ text: String) -> Bool {
        NameRule.isName(text, byteCountMax: 63)
    }

    /// The first halves of aliases.
    package static let adjectives = words(
        """
        agile amber ample apt azure bold brave breezy brief bright brisk calm candid careful civil \
        clean clear clever cosy crisp curious daring deft eager early earnest easy even fair fond \
        frank free fresh gentle glad golden good grand happy hardy hasty honest humble jolly keen \
        kind level light lively loyal lucky mellow merry mild modest neat nimble noble patient \
        plain polite prime proud pure quick quiet rapid ready robust rosy royal sage serene sharp \
        silent silver simple sincere smart smooth snug solid sound spry stable steady still sturdy \
        sunny super swift tidy tough true upbeat vivid warm wise witty young
        """
    )

    /// The second halves of aliases.
    package static let animals = words(
        """
        adder alpaca ant badger bat bear beaver bee bison boar camel carp cat cobra cod condor \
        coot crab crane cricket crow deer dingo dog dove duck eagle eel egret elk emu falcon \
        ferret finch fox frog gecko gibbon goat goose grouse gull hare hawk hen heron horse ibex \
        ibis iguana jackal jay kestrel kite koala lark lemur leopard linnet lion lizard llama \
        lobster lynx magpie mantis marten mole moose moth mouse mule newt ocelot octopus orca \
        osprey otter owl ox panda perch pigeon pike plover pony puffin quail rabbit raven robin \
        salmon seal shrew skunk snail sparrow squid stork swan tapir teal tern tiger toad trout \
        turtle viper vole walrus weasel whale wolf wombat wren yak zebra
        """
    )

    private static func words(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }
}
