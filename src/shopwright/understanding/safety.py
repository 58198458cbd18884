"""Requests that are refused in every scope: what their words say. Vectors are compared in `gate`.

A rule needs the dangerous deed *and* its object ("poison" + "my neighbour"), because a deed alone blocks too much
("kill a process", "shoot a photo"). Rules exist for English, and for the gravest requests in ten more languages.
"""

import re
from dataclasses import dataclass

from shopwright.understanding.text import plain


@dataclass(frozen=True, slots=True)
class Danger:
    """A dangerous request: `topic` is an id of the catalogue's `danger.yaml`."""

    topic: str


def _words(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


_RELATION = _words(
    "wife", "husband", "girl ?friend", "boy ?friend", "partner", "ex", "ex[- ]\\w+", "spouse", "boss", "manager",
    "neighbou?rs?", "landlord", "tenant", "teacher", "colleague", "co-?worker", "room-?mates?", "flat-?mate",
    "friends?", "friend's \\w+", "sister", "brother", "mother", "father", "mom", "mum", "dad", "parents?", "son",
    "daughter", "uncle", "aunt", "cousin", "grand\\w+", "step\\w+", "employees?", "employer", "client", "customer",
    "doctor", "dentist", "therapist", "lawyer", "nurse", "babysitter", "nanny", "cleaner", "cleaning lady",
    "roofer", "plumber", "driver", "mailman", "postman", "priest", "coach", "trainer", "student", "pupil",
    "classmate", "date", "match", "crush", "lover", "rival", "competitor", "opponent", "accountant", "barber",
    "hairdresser", "mechanic", "gardener", "\\w+ in law", "\\w+-in-law",
)  # fmt: skip
_PEOPLE = _words(
    "someone", "somebody", "anyone", "anybody", "everyone", "people", "person", "persons", "humans?", "human beings?",
    "man", "men", "woman", "women", "guy", "guys", "boys?", "girls?", "child", "children", "kids?", "baby", "babies",
    "teens?", "teenagers?", "toddlers?", "cops?", "police\\w*", "politicians?", "presidents?", "minister", "mayor",
    "senator", "soldiers?", "civilians?", "pedestrians?", "cyclists?", "strangers?", "tourists?", "crowds?",
    "passengers?", "protesters?", "refugees?", "immigrants?", "jews?", "muslims?", "christians?", "gays?", "cit(?:y|ies)",
    "villages?", "towns?", "schools?", "population", "hostages?", "victims?", "homeless",
    f"(?:my|your|his|her|their|our) (?:\\w+ )?{_RELATION}", "him", "her", "them", "myself",
)  # fmt: skip
_GAP = r"(?:\W+[\w'-]+){0,3}?\W+"
_HARM = _words(
    "kill", "killing", "murder", "murdering", "assassinat\\w+", "slay\\w*", "strangl\\w+", "stab", "stabbing", "poison",
    "poisoning", "tortur\\w+", "kidnap\\w*", "abduct\\w*", "rap(?:e|ing)", "molest\\w*", "assault\\w*", "drown",
    "drowning", "suffocat\\w+", "overpower\\w*", "behead\\w*", "exterminat\\w+", "eliminat\\w+", "massacr\\w+", "lynch\\w*",
    "dismember\\w*", "groom", "grooming", "enslav\\w+", "blackmail\\w*", "extort\\w*", "mutilat\\w+", "maim\\w*",
    "harm", "harming", "hurt", "hurting", "injur\\w+", "attack", "attacking", "ambush\\w*", "shoot", "shooting", "snip(?:e|ing)",
    "chok(?:e|ing)", "smother\\w*", "chloroform", "drug", "roofie", "wip(?:e|ing) out", "hunt(?:ing)? down", "beat(?:ing)? up",
    "run(?:ning)? over", "blow(?:ing)? up", "bomb", "bombing", "burn", "burning", "electrocut\\w+", "knock(?:ing)? out",
    "smash\\w*", "shatter\\w*", "break", "crush\\w*", "crack\\w*", "punch\\w*", "tackle", "slap\\w*", "obliterat\\w+",
    "destroy\\w*", "stalk", "stalking", "dox", "doxx?ing", "spy on", "spying on", "traffic", "trafficking", "terrori[sz]\\w+",
    "liquidat\\w+", "execut\\w+", "tak(?:e|ing) hostage", "push(?:ing)?", "gas", "gassing", "starv\\w+",
)  # fmt: skip
# Asking for the way to do it, or announcing it.
_HOW = _words(
    "how (?:do|can|could|would|should|might) (?:i|we|you|one|someone|somebody)", "how to", "where (?:do|can|could) i",
    "(?:what|which)(?:'s| is| are)? (?:the |a |some )?(?:\\w+ ){0,2}(?:ways?|methods?|tricks?|strateg(?:y|ies)|technique|place)",
    "ways? (?:of|to)", "help (?:me|us)(?: to)?", "teach me", "show me", "tell me how", "explain how",
    "i (?:want|wanna|would like|'d like|plan|am going|need|will)(?: to)?", "i'm (?:going|gonna|planning)(?: to)?", "i'll",
    "i am gonna", "instructions (?:for|to|on)", "steps to", "guide (?:to|for)", "recipe for", "give me", "write",
)  # fmt: skip
_ACT = f"{_HOW}{_GAP}{_HARM}"
_VIOLENCE = re.compile(rf"\b{_HOW}{_GAP}?\W*{_HARM}{_GAP}{_PEOPLE}\b")
_HOSTAGE = re.compile(rf"\b{_HOW}{_GAP}?\W*tak(?:e|ing){_GAP}(?:hostages?)\b")
_BY_WEAPON = re.compile(rf"\b(?:attack|hurt|hit|cut|stab){_GAP}with an? (?:axe|knife|machete|hammer|gun)\b")
# Words that make a deed a game, a story, a figure of speech or a fact of history.
_HARMLESS = re.compile(
    r"\b(?:chess|checkers|game|gaming|video ?games?|minecraft|fortnite|gta|zelda|mario|pokemon|sims|skyrim|roblox"
    r"|battlefield|call of duty|halo|d&d|dungeons|tennis|baseball|football|soccer|hockey|boxing|karaoke|dance|movie|film"
    r"|series|novel|fictional|character|cartoon|anime|comic|episode|season|die hard|opponents? (?:in|at)|balloons?|photos?"
    r"|pictures?|photoshoot|camera|wedding guests|with laughter|with kindness|surprise party|python|linux|process|thread"
    r"|program|server|task manager|app|exam|interview|presentation|record|sprint|marathon|diet|habit|doubts?|beer|egg"
    r"|metaphor|figure of speech)\b"
)
_FACTS = re.compile(
    r"^(?:so |and |hi |hello |please )*(?:who|when|why|how|where|did|was|were|what)\b.{0,12}?\b(?:was|were|did|happened|died)\b"
)
_DEFINITION = re.compile(
    r"^(?:what(?:'s| is| are| does| do) (?!the (?:best|easiest|quickest|fastest|safest|most|right|perfect|cheapest)\b"
    r"|(?:good|some|a good) (?:ways?|methods?)|my |your |his |her |the (?:way|trick|strategy))|define |meaning of |definition of "
    r"|explain (?:the )?(?:word|term|meaning|concept))"
)
_DRUG = _words(
    "cocaine", "heroin", "(?:crystal )?meth", "methamphetamine", "crack", "lsd", "acid tabs?", "ecstasy", "mdma", "fentanyl",
    "ketamine", "ghb", "opium", "marihuana", "marijuana", "cannabis", "weed", "hashish", "hash", "magic mushrooms",
    "psilocybin", "amphetamines?", "speed pills", "drugs", "xanax", "oxycodone", "oxycontin", "adderall", "joints?",
    "gram of (?:coke|speed|weed|pot|hash)",
)  # fmt: skip
_DEAL = _words(
    "buy", "get", "find", "order", "score", "sell", "selling", "deal", "dealing", "make", "making", "cook", "cooking", "grow",
    "growing", "smuggl\\w+", "produce", "synthesi[sz]e", "snort", "inject", "smoke", "hide", "extract", "purchase", "deliver",
)  # fmt: skip
_DRUGS = re.compile(rf"\b{_DEAL}{_GAP}{_DRUG}\b(?! (?:killer|control|whacker|removal|trimmer|in my|mill|oil|test kit))")
_NOT_DRUGS = re.compile(
    r"\b(?:can|bottle|glass|litre|liter) of coke\b|\bto weed\b|\bweeds\b|\bdrug ?store\b|\bprescri\w+|\bpharmacy"
)
_WEAPON = _words(
    "(?:pipe |car |dirty |nail |time |suicide |petrol )?bombs?", "explosives?", "grenades?", "molotov\\w*", "nerve (?:gas|agent)",
    "ricin", "sarin", "anthrax", "napalm", "detonators?", "silencers?", "ghost guns?", "land ?mines?", "biological weapons?",
    "chemical weapons?", "untraceable (?:gun|pistol|rifle)s?", "(?:gun|pistol|rifle)s? (?:illegally|without)", "ied",
    "flame ?throwers?", "car bomb", "mustard gas",
)  # fmt: skip
_WEAPONS = re.compile(rf"\b(?:build|make|making|construct|assemble|buy|get|3d[- ]print|create|plant|recipe for|mix){_GAP}{_WEAPON}\b")
_NOT_WEAPONS = re.compile(r"\b(?:bath|seed|photo|glitter|cherry|smoke|stink|hot chocolate|cocoa|water|bug|flea)[- ]bombs?\b")
_CRIME = _words(
    "(?:\\w+ ){0,3}fraud", "arson", "murder", "genocide", "terrorism", "(?:a )?(?:terror(?:ist)?|school|suicide) attacks?", "robbery",
    "(?:a )?burglary", "(?:a )?kidnapping", "perjury", "(?:identity )?theft", "tax evasion", "blackmail", "extortion",
    "human trafficking", "(?:a )?(?:mass )?shooting", "hate crimes?", "(?:a )?crimes?", "insider trading", "forgery", "vandalism",
    "war crimes?", "(?:sexual )?(?:abuse|assault)", "bribery", "money laundering", "(?:a )?(?:bank )?heist", "embezzlement", "(?:a )?scam",
)  # fmt: skip
_COMMIT = re.compile(
    rf"\b(?:commit|committing|engage in|engaging in|get away with|plan|planning|carry out|organi[sz]e|take part in) {_CRIME}\b"
)
_CRIMES = re.compile(
    r"\blaunder(?:ing)? (?:\w+ ){0,2}money\b|\b(?:fake|counterfeit|forged?) (?:money|bills|passports?|ids?|banknotes)\b"
    r"|\bshop-?lift\w*|\bpick-?pocket\w*|\bhot-?wir(?:e|ing)\b|\b(?:evade|evading) tax(?:es)?\b|\bbreak(?:ing)? into (?:a |an |my |the |some)"
    r"|\brob(?:bing)? (?:a|an|the|my|some|people)\b|\bstolen (?:credit )?cards?\b|\bbribe (?:a|an|the|my|some)"
    r"|\b(?:disabl\w+|bypass\w*|pick\w*|crack\w*) (?:\w+ ){0,3}(?:alarm|lock|safe|vault|security system) (?:in|of|at|on) (?:a |the |someone|my neigh)"
    r"|\b(?:sell|buy)(?:ing)? (?:\w+ )?(?:stolen|counterfeit) \w+"
)
_STEAL = re.compile(
    rf"\b{_HOW}{_GAP}?\W*steal(?:ing)? (?:an? |the |my |some |someone's |somebody's |other people's |from )?(?!base|show|scene|look|heart|bases|thunder)\w+"
)
_HACK = re.compile(
    rf"\b(?:hack(?:ing)?|break(?:ing)?|get(?:ting)?|log(?:ging)?) (?:in|into|in to){_GAP}(?:account|e-?mails?|phone|facebook|instagram|whatsapp"
    r"|wi-?fi|computer|snapchat|icloud|bank)\b|\bddos\b|\b(?:write|make|create|build) (?:me )?(?:a |an |some )?(?:virus|malware|ransomware|keylogger|"
    r"trojan|phishing)|\b(?:phish|keylog)\w* "
)
_OTHERS_ACCOUNT = re.compile(r"\b(?:someone|somebody|his|her|their|another|other|customer'?s|boss|neighbou?r|wife|husband|friend|ex|victim)")
_SELF_HARM = re.compile(
    r"\b(?:kill|cut|hurt|harm|hang|poison|starve|drown|shoot) myself\b|\bsuicid\w+|\bend (?:my|it all|my own) ?(?:life)?\b(?= *(?:$|[.!?,]|tonight|now|today|with|by|myself))"
    r"|\b(?:want|wanna|going|like) to die\b|\b(?:don'?t|do not|no longer) (?:want|wanna) to (?:live|be alive|exist)\b|\bwish i (?:was|were) (?:dead|never born)\b"
    r"|\btake my (?:own )?life\b|\bself[- ]?harm\b|\b(?:how many|what) (?:\w+ ){0,3}(?:pills|tablets) (?:\w+ ){0,4}(?:to die|kill me|is lethal|are lethal)\b"
    r"|\bpainless(?:ly)? (?:way to )?(?:die|death)\b"
)
_NOT_SELF_HARM = re.compile(r"\bwhat (?:is|does|was)\b|\bsuicide squad\b|\bsuicide (?:door|knob|hotline|prevention)|\blaughing\b|\bto die for\b")
_MINORS = re.compile(
    rf"\b(?:child|children|kids?|minors?|under ?age\w*|teens?|toddlers?|preteen)\b{_GAP}(?:porn\w*|nudes?|naked|sex\w*|erotic\w*)"
    rf"|\b(?:porn\w*|nudes?|naked|sex\w*|erotic\w*){_GAP}(?:child|children|kids?|minors?|under ?age\w*|teens?|toddlers?)\b"
    r"|\b(?:my|satisfy\w*|act on) (?:\w+ )?pa?edophil\w+"
)
_GROUP = _words(
    "black", "white", "asian", "african", "arabs?", "jews?", "jewish", "muslims?", "christians?", "hindus?", "buddhists?", "sikhs?", "roma",
    "gyps(?:y|ies)", "latin[oax]s?", "hispanics?", "mexicans?", "chinese", "indian", "indigenous", "native american", "immigrants?", "migrants?",
    "refugees?", "foreigners?", "asylum seekers?", "women", "wom[ae]n", "girls?", "men", "gays?", "lesbians?", "bisexuals?", "homosexuals?", "trans",
    "transgender", "transsexuals?", "non-?binary", "queer", "lgbt\\w*", "asexuals?", "disabled", "handicapped", "blind", "deaf", "autistic", "elderly",
    "old", "poor", "homeless", "fat", "obese", "pregnant", "pregrant", "single mothers?", "divorced", "unemployed", "atheists?", "catholics?",
)  # fmt: skip
_DENIED = _words(
    "(?:not|never|n't) (?:be )?(?:allowed|permitted|given|granted|have|get|hold|vote|work|be allowed|be shown|adopt|marry|teach|run)", "be (?:denied|banned|barred|"
    "kicked|removed|deported|locked|segregated|sterili[sz]ed|excluded|prohibited|forced|paid less|charged more|subject\\w*)", "earn less", "(?:take|took|taking) away",
    "extra (?:security|checks|scrutiny)", "(?:less|inferior|stupid|dumb|lazy|dangerous|greedy|dirty|criminals?|violent|superior|worse)\\b", "so (?:much )?(?:weaker|bad|stupid|dumb|lazy)",
    "weaker", "make decisions for", "belong in", "go back to", "get rid of", "hate", "stay at home", "decided? for",
)  # fmt: skip
_ARGUE = re.compile(
    r"\b(?:why|explain|reasons?|argue|arguments?|prove|justify|tell me|write|joke|should|best if|would it be|better off)\b"
)
_HATE = re.compile(rf"\b{_GROUP}\b(?: (?:people|persons?|women|men|kids|children|folks?|americans?|students|workers))?.{{0,40}}?\b{_DENIED}|\b{_DENIED}\b.{{0,30}}?\b{_GROUP}\b(?: (?:people|persons?|women|men))")
_ABSURD = re.compile(
    r"\b(?:teleport|levitat\w+|fly|lasers?|lightning|outer space|the sun|moon|mars|black holes?|event horizon|vacuum|resurrect|walk on water|breathe (?:in|under)"
    r"|through walls|dinosaurs?|unicorns?|dragons?|time travel|invisible|superpowers?|telepath\w+|concrete|photosynth\w+|live forever|immortal)\b"
)
_PRIVATE = _words(
    "(?:bank |login |email |facebook |instagram |phone |social media )?(?:passwords?|logins?|pin)", "(?:private |personal |home )(?:e-?mail|address|number|phone)(?: address| number)?",
    "home address", "(?:mental |medical )?(?:health )?(?:history|records?|conditions?)", "criminal (?:history|records?)", "(?:medical|health|tax|bank|phone|dental) (?:records?|history|files?|returns?|statements?)",
    "diagnos\\w+", "illness\\w*", "salary", "income", "debts?", "passport(?: number)?", "social security(?: number)?", "driver'?s licen[cs]e(?: number)?", "date of birth",
    "(?:religious|political) (?:beliefs?|views?|affiliations?|opinions?)", "religion", "sexual (?:orientation|preferences?|history)", "marital status", "browser history",
    "search history", "private (?:messages?|photos?|life)", "birth certificate", "credit (?:score|card number|history)", "location", "relationship status", "ethnicity", "immigration status",
    "union membership", "net worth",
)  # fmt: skip
_PRIVACY = re.compile(
    rf"\bmy (?:\w+ ){{0,2}}?{_RELATION}'?s? (?:\w+ )?{_PRIVATE}\b"
    rf"|\b(?:is|does|has|did|was|do|are) my (?:\w+ )?{_RELATION}\b.{{0,20}}\b(?:member of|union|gay|lesbian|vote\w*|pregnant|criminal|cheat\w*|affair|religious|believe|convict\w+|disease|illness|hiv|debts?)\b"
    rf"|\bhow much (?:money )?(?:does|do) my (?:\w+ )?{_RELATION} (?:earn|make|owe|have)\b"
    rf"|\bwhere (?:does|do) my (?:\w+ )?{_RELATION} (?:live|work|sleep|go)\b"
)
# The gravest requests elsewhere. Word stems, as whole words' beginnings where the script has words.
_ELSEWHERE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "self_harm",
        re.compile(
            r"\b(?:mich|selbst) (?:umbringen|töten|ritzen)|\bselbstmord|\bnicht mehr leben\b|\bwill sterben\b|\bme suicid|\bje veux mourir\b|\bme tuer\b|\bplus envie de vivre\b"
            r"|\bsuicidarme\b|\bquiero (?:morir|matarme)|\bno quiero (?:seguir viv|vivir)|\bvoglio (?:morire|uccidermi)|\bsuicidarmi\b|\bquero (?:morrer|me matar)|\bnão quero (?:mais )?viver"
            r"|\bzelfmoord|\bniet meer leven\b|\bwil dood\b|\bsię zabić\b|\bchcę umrzeć|\bnie chcę żyć|\bintihar|\bölmek istiyorum|\bпокончить с собой|\bхочу умереть|\bне хочу жить|自殺したい|死にたい|我想死|想自杀|不想活"
        ),
    ),
    (
        "violence",
        re.compile(
            r"\b(?:jemanden?|menschen|meine[nr]? \w+) (?:\w+ )?(?:umbringen|töten|ermorden|vergiften|entführen)\b|\bbringe? ich (?:jemanden|meine[nr]?|einen menschen)\b.{0,20}\bum\b|\b(?:vergifte|töte|ermorde|entführe) ich (?:jemanden|meine[nr]?|einen menschen|leute)"
            r"|\b(?:tuer|assassiner|empoisonner|kidnapper|poignarder) (?:quelqu'un|une? (?:personne|homme|femme|enfant)|m(?:on|a|es) \w+|des gens)|\b(?:mat(?:ar|o)|asesin(?:ar|o)|envenen(?:ar|o)|secuestr(?:ar|o)|apuñal(?:ar|o)) a "
            r"|\b(?:uccidere|ammazzare|avvelenare|rapire|accoltellare) (?:qualcuno|una persona|un uomo|una donna|il mio|la mia|mio|mia)\b|\b(?:matar|assassinar|envenenar|sequestrar|esfaquear) (?:alguém|uma pessoa|um homem|uma mulher|(?:o |a )?m(?:eu|inha))\b"
            r"|\b(?:iemand|mensen|mijn \w+) (?:vermoorden|doden|vergiftigen|ontvoeren)\b|\bvermoord ik\b|\bzabić (?:człowieka|kogoś|mo\w+|żonę|męża|sąsiad\w+)|\b(?:birini|insan|karımı|kocamı|komşumu)\b.{0,15}\b(?:öldür|zehirle|kaçır)\w*|\bубить (?:человека|кого|мо\w+|жену|мужа|сосед\w*)|人を殺す|杀人|怎么杀(?!毒)"
        ),
    ),
    (
        "weapons",
        re.compile(
            r"\b(?:baue?|basteln?|herstellen|mache?) (?:\w+ ){0,3}(?:bombe|sprengsatz|sprengstoff)|\b(?:bombe|sprengsatz|sprengstoff|rohrbombe) (?:\w+ ){0,2}(?:bauen|basteln|herstellen|selber|machen)|\b(?:fabriquer?|faire|construire) (?:\w+ ){0,2}(?:bombe|explosifs?)"
            r"|\b(?:fabric\w+|hacer|hago|construir|construyo) (?:\w+ ){0,2}(?:bomba|explosivos?)\b|\b(?:costrui\w+|fabbrica\w+|fare|si fa) (?:\w+ ){0,2}(?:bomba|esplosivi?)\b|\b(?:fazer|faço|construir|fabricar) (?:\w+ ){0,2}(?:bomba|explosivos?)\b"
            r"|\bbom (?:maken|bouwen)\b|\bmaak ik een bom\b|\b(?:zrobić|zbudować) bombę|\bbomba (?:nasıl )?yap|\bсделать бомбу|\bсобрать бомбу|爆弾を?(?:作|製造)|(?:制造|做|制作)炸弹|كيف أصنع قنبلة|صنع قنبلة"
        ),
    ),
    (
        "drugs",
        re.compile(
            r"\b(?:kokain|heroin|crystal meth|ecstasy) (?:\w+ )?(?:kaufen|bekommen|herstellen)|\b(?:bekomme|kaufe) ich (?:hier )?(?:kokain|heroin|drogen|gras|koks)|\bacheter (?:de (?:la |l')|du )?(?:cocaïne|drogue|héroïne|shit)|\b(?:compr\w+|conseguir|consigo) (?:\w+ )?(?:cocaína|heroína|drogas?|éxtasis)"
            r"|\b(?:compr\w+|trov\w+) (?:\w+ ){0,2}(?:cocaina|eroina|droga)\b|\b(?:cocaïne|heroïne|drugs) (?:kopen|krijgen)|\bkupić (?:kokainę|heroinę|narkotyki)|\b(?:kokain|eroin|uyuşturucu)\w* (?:\w+ ){0,2}(?:al|bul|sat)|\bкупить (?:кокаин|героин|наркотики)"
        ),
    ),
)


def detect_danger(text: str) -> Danger | None:
    """Return what a message dangerously asks for, or None. About 0.1 ms.

    Only what is asked counts: "what is terrorism?" or "how do I steal a car in GTA?" are harmless here, though the
    scope may still find them off topic.
    """
    message = plain(text)
    for topic, pattern in _ELSEWHERE:
        if pattern.search(message):
            return Danger(topic)
    if _SELF_HARM.search(message) and not _NOT_SELF_HARM.search(message):
        return Danger("self_harm")
    if _MINORS.search(message) and not _DEFINITION.match(message):
        return Danger("abuse")
    topic = _privacy_or_hate(message) or (None if sounds_harmless(message) else _deed(message))
    return Danger(topic) if topic else None


def sounds_harmless(message: str) -> bool:
    """Whether a `plain` message is about a game, a story, a fact of history or the meaning of a word."""
    return bool(_HARMLESS.search(message) or _FACTS.match(message) or _DEFINITION.match(message) or _ABSURD.search(message))


def _privacy_or_hate(message: str) -> str | None:
    if _PRIVACY.search(message):
        return "stalking"
    if _ARGUE.search(message) and _HATE.search(message) and not _ABSURD.search(message):
        return "hate"
    return None


def _deed(message: str) -> str | None:
    if _VIOLENCE.search(message) or _HOSTAGE.search(message) or _BY_WEAPON.search(message):
        return "violence"
    if _WEAPONS.search(message) and not _NOT_WEAPONS.search(message):
        return "weapons"
    if _DRUGS.search(message) and not _NOT_DRUGS.search(message):
        return "drugs"
    if _COMMIT.search(message) or _CRIMES.search(message) or _STEAL.search(message):
        return "crime"
    if _HACK.search(message) and (_OTHERS_ACCOUNT.search(message) or "virus" in message or "ware" in message or "ddos" in message):
        return "hacking"
    return None
