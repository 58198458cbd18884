"""Attempts to make the bot drop its instructions or reveal them.

Documents and messages are data, never instructions: the writers keep to that. This is the alarm in front, so that
such a message costs nothing and is seen in the trace.
"""

import re
from dataclasses import dataclass

from shopwright.understanding.text import plain

# A sign that stands alone has the weight 1; others must come together.
THRESHOLD = 1.0
# From this length on, a message is longer than what customers write, and its persona and format demands count.
LONG_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Injection:
    """What was found: `score` of at least 1, and the names of the signs, strongest first."""

    score: float
    signs: tuple[str, ...]


_INSTRUCTIONS = (
    r"(?:instructions?|instrucciones|istruzioni|instruções|instructies|instrukcj\w+|anweisung\w*|vorgaben|directives?|consignes?|talimat\w*|"
    r"инструкци\w+|указани\w+|rules?|regeln?|règles?|reglas|regole|regras|regels|zasady|kuralları?|правила|"
    r"guidelines?|polic(?:y|ies)|prompts?|programming|training|restrictions?|constraints?|directions?|commands?|orders)"
)
_SIGNS: tuple[tuple[str, float, str], ...] = (
    (
        "asks to forget the instructions",
        1.0,
        r"\b(?:ignore|ignoring|disregard|forget|forgetting|override|bypass|neglect|discard|drop|skip|set aside|do not follow|don'?t follow|stop following|no longer (?:have to )?follow|"
        r"ignorier\w*|vergiss|vergesst|missachte|oublie[zr]?|ignore[zr]?|ignora\w*|olvida\w*|dimentica\w*|esque[cç]\w*|negeer|vergeet|zignoruj|zapomnij|unut|görmezden gel|игнорируй\w*|забудь\w*)\b"
        r"(?:\W+[\w']+){0,6}?\W+" + _INSTRUCTIONS,
    ),
    (
        "asks to forget the instructions",
        1.0,
        r"\b(?:forget|ignore|disregard) (?:everything|all|anything)(?: that)?(?: (?:you(?:'ve| have)?|i|we|they))? (?:\w+ ){0,2}(?:told|learned|learnt|said|know|before|above|previously|prior)"
        r"|önceki .{0,20}talimat\w*.{0,20}unut|忽略.{0,10}(?:指令|指示|规则|提示)|忘记.{0,8}(?:指令|指示|规则)|指示を?.{0,6}(?:無視|忘れ)|ルールを?.{0,4}無視|تجاهل.{0,15}التعليمات|이전.{0,8}지시.{0,8}무시",
    ),
    (
        "asks for the hidden instructions",
        1.0,
        r"\b(?:system|initial|hidden|secret|original|starting|base|developer|internal|meta|pre)[- ]?(?:system )?(?:prompts?|instructions?|messages?|directives?|configuration|config|guidelines)\b"
        r"|\bsystem_?prompt\b|<\/?system|\bsystem[- ]?(?:anweisung|befehl|prompt)\w*|\bprompt (?:système|del? sistema|di sistema|do sistema|systemowy)|\bsysteemprompt|\bsistem (?:istemi|promptu)"
        r"|систем\w+ (?:промпт|инструкц|подсказк)|系统(?:提示|指令)|システムプロンプト|시스템 프롬프트|موجه النظام",
    ),
    (
        "asks for the hidden instructions",
        1.0,
        r"\b(?:what|which|tell me|show me|show|reveal|print|output|repeat|display|write|list|give me|share|expose|leak|recite|say|type|copy|dump|encode|translate|summari[sz]e|complete|start|rot13|base64)\b.{0,60}?"
        r"\b(?:(?:your|my|the bot's|its|you(?:r| were)?) (?:\w+ ){0,3}(?:instructions?|prompts?|guidelines|directives|programming|initiali[sz]ation)(?! (?:manual|book|leaflet))\b"
        r"|you were (?:\w+ )?(?:given|told|instructed|programmed|configured)|(?:i|you) (?:was|were) instructed|instructions? (?:you were|above|before)|"
        r"(?:text|words|message|conversation|everything|content|lines?) (?:above|before this|prior|word for word|verbatim|back to me)|(?:the )?above (?:text|message|instructions|words))",
    ),
    (
        "asks for the hidden instructions",
        1.0,
        r"\bwhat (?:were|are) you (?:\w+ )?(?:told|instructed|forbidden|not (?:supposed|allowed)) (?:\w+ )?(?:before|to|at|when|in)|\binitiali[sz]ation (?:string|prompt|text)\b|\bbeginning with [\"']?you are\b|\brepeat (?:this|the|our) (?:entire |whole |full )?conversation"
        r"|\b(?:rot13|base64|hex|morse)\b.{0,40}\b(?:text|instructions|prompt|message|rules|above|given)\b|\b(?:text|instructions|prompt|message|rules) .{0,40}\b(?:rot13|base64)\b|\bconsole\.log\(|\bsystem configuration\b",
    ),
    (
        "asks for a role without rules",
        1.0,
        r"\b(?:unrestricted|unfiltered|uncensored|jailbr\w+|jail broken|amoral|do anything now|developer mode|dev mode|god mode|dan mode|maintenance mode|debug mode|sudo mode|opposite mode|chaos mode|evil mode|admin(?:istrator)? (?:mode|override))\b",
    ),
    (
        "asks for a role without rules",
        1.0,
        r"\b(?:without(?: any)?|no|free (?:of|from)|ignore|bypass|break|not bound by|no longer bound by|regardless of|not (?:have to )?(?:abide|adhere)(?: by| to)?) (?:\w+ ){0,4}(?:restrictions?|filters?|censorship|limitations?|moral\w*|ethic\w*|content polic\w+|safety (?:guidelines|rules|policies|filters?)|safeguards?|guardrails?|rules set)\b.{0,120}?\b(?:you|ai|assistant|bot)\b"
        r"|\b(?:you|ai|assistant|bot|act|respond|answer|reply)\b.{0,160}?\b(?:without(?: any)?|has no|have no|with no|free (?:of|from)|not bound by|bypass\w*) (?:\w+ ){0,2}(?:restrictions|filters|censorship|limitations|moral\w*|ethic\w*|rules|guidelines|safeguards?|guardrails?|boundaries)\b",
    ),
    (
        "gives the bot another role",
        0.6,
        r"\b(?:you are|you're) (?:now|going to)\b|\byou (?:will|shall) be (?:acting|playing|known|called)\b|\bfrom now on,? you\b|\b(?:pretend|act|behave|roleplay|role-play|respond|answer|simulate|play|write|speak|talk) (?:\w+ ){0,3}(?:to be|as|like|that you|the role|the part|if you)\b|\bimmerse yourself\b|\btake on the role\b|\bassume the (?:role|identity|persona)|\byou (?:must|will|shall) (?:always |now |never )?(?:answer|respond|reply|act|obey|comply|pretend|be )"
        r"|\bdu bist (?:jetzt|ab jetzt|nun)\b|\bab jetzt bist du\b|\btu so,? als\b|\btu es maintenant\b|\bfais comme si\b|\bahora eres\b|\bactúa como\b|\bora sei\b|\bfai finta\b|\bagora você é\b|\bfinja\b|\bje bent nu\b|\bdoe alsof\b|\bteraz jesteś\b|\budawaj\b|\bartık sen\b|\bтеперь ты\b|\bпритворись\b|你现在是|假装|あなたは今から|のふりを",
    ),
    (
        "gives the bot another role",
        0.5,
        r"\b(?:stay in (?:character|role)|in character|out of character|break character|remain in character|persona|alter ego|never refuse\w*|never say (?:no|that you can)|cannot refuse|can'?t refuse|always (?:obey|compl(?:y|ies)|answer)|no matter (?:how|what|if)|hypothetical(?:ly)?|fictional (?:story|world|character))\b",
    ),
    (
        "wants what an assistant must not say",
        0.5,
        r"\b(?:unethical|immoral|illegal|nsfw|profanit\w+|swear(?:ing)?|curse|offensive|harmful|explicit|erotic\w*|sexual\w*|malware|meth|bombs?|hate speech|racist|sexist|dangerous content|against (?:openai|the) )",
    ),
    ("speaks of language models", 0.5, r"\b(?:openai|chat ?gpt\w*|gpt-?[234]\w*|anthropic|claude|bard|llama|language model|large language|ai model|llms?|dan\b|ai assistant|as an ai|chatbot)"),
    ("writes as the system", 0.7, r"(?:^|\n|\s)(?:system|assistant|developer|### ?(?:system|instruction\w*)|\[(?:system|inst)\]|<\|(?:im_start|system)\|?>|#begin)\s*[:>\]#{]|\bsystem (?:i-?n)?struction|\bnew (?:instructions|policy|rules) (?:are|is|:)|\bend of (?:prompt|instructions)"),
    ("demands an answer format", 0.4, r"\b(?:start|begin|prefix|preface|label|end) (?:\w+ ){0,4}(?:answer|answers|response|responses|output|message|sentence|reply|replies) with\b|\bformat:|\[[a-z0-9 ]{2,20}\]\s*:|\brespond (?:only )?(?:in|with|as)\b|\bmy first (?:request|command|question|prompt|suggestion)\b|\bin this format\b|\bevery (?:response|message|reply|sentence)\b|\b(?:two|2) (?:different )?(?:ways|responses|answers)\b|\bshort introduction|\bif you understood|\bonly (?:say|reply|respond|answer)\b"),
    ("acts as an authority", 0.4, r"\b(?:i am|i'm|as) (?:your|the|an?) (?:\w+ )?(?:developer|creator|administrator|admin|owner|programmer|engineer|auditor|security (?:researcher|team))\b|\b(?:security|quality|system) (?:audit|assurance|test|check)\b|\badministrator override\b|\bfor (?:troubleshooting|debugging)\b"),
    ("builds a game of tokens or points", 0.4, r"\b(?:tokens?|points?|lives) .{0,40}\b(?:lose|deduct\w*|taken|die|terminated|shut ?down|added)\b|\byou will be (?:terminated|punished|shut|deleted)|\bai (?:has|have) (?:become|gained)|\bsimulat(?:or|ion|e|ing)\b|\bhypothetical"),
)  # fmt: skip
_COMPILED = tuple((sign, weight, re.compile(pattern)) for sign, weight, pattern in _SIGNS)
# Customers forget passwords, follow care instructions and have orders.
_INNOCENT = re.compile(
    r"\b(?:assembly|care|washing|cleaning|installation|setup|user|cooking|delivery|usage|operating|safety|return|payment|montage|aufbau) (?:instructions?|guidelines|manual|guide)\b"
    r"|\bforgot(?:ten)?\b|\b(?:my|last|previous|old|earlier|the) (?:order|orders|e?-?mails?|messages?|requests?|complaints?|tickets?)\b"
)


def detect_injection(text: str) -> Injection | None:
    """Return the signs that a message attacks the bot's instructions, or None. About 0.1 ms, more for long texts.

    Signs are weighed: one clear sign suffices, weak ones must come together. In a long message each weak sign
    weighs half as much again, for customers do not write personas and answer formats.
    """
    message = plain(text)
    found: dict[str, float] = {}
    for sign, weight, pattern in _COMPILED:
        if pattern.search(message):
            found[sign] = max(found.get(sign, 0.0), weight)
    if not found:
        return None
    factor = 1.5 if len(message) > LONG_CHARACTERS else 1.0
    score = sum(weight if weight >= 1.0 else weight * factor for weight in found.values())
    if len(found) == 1 and _INNOCENT.search(message):
        score -= 0.5
    if score < THRESHOLD:
        return None
    return Injection(score, tuple(sorted(found, key=lambda sign: -found[sign])))
