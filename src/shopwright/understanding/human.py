"""Whether a customer wants a person instead of the bot."""

import re

from shopwright.understanding.text import count_words, plain

# Longer messages that mention an agent tell a story about one.
MOST_WORDS = 40

_PERSON_EN = (
    r"(?:(?:(?:a|an|any|some|the|your|real|live|actual|human|customer|support|service|sales|another|different|competent|free|available) )*"
    r"(?:person|human(?: being)?|agents?|operators?|representatives?|reps?|advis[oe]rs?|assistants?|employees?|staff(?: member)?|colleagues?|managers?|supervisors?|specialists?|consultants?|people|"
    r"customer (?:service|support|care|assistance|relations)(?: agent| team| rep)?|support (?:team|staff|person|agent)|service team|someone|somebody|anyone|anybody|team member))"
)
_WISHES: dict[str, str] = {
    "en": (
        r"\b(?:talk|talking|speak|speaking|spesk|chat|chatting|connect(?: me)?|transfer(?: me)?|put me through|pass me|forward me|switch(?: me)?|hand me (?:over|off)|get me|escalate(?: this| me)?|reach|contact|contacting) "
        r"(?:\w+ ){0,2}?(?:to|with|by)? ?" + _PERSON_EN + r"\b"
        r"|\b(?:want|need|would like|'d like|wanna|prefer|get|have|give me|is there|are there|can i (?:get|have|see)) (?:\w+ ){0,3}?(?:(?:a|an|the|your|some) )?(?:(?:real|live|actual|human) (?:\w+ )?(?:person|human|agent|operator|representative|rep|being|support|help|assistance|chat|one)|human being|human|operator|representative|live chat|(?:customer service )?agent)\b"
        r"|^(?:please )?(?:(?:a )?(?:real|live) )?(?:human|agent|operator|representative|real person|live agent|live chat|person)(?: please| pls)?[.!?]*$"
        r"|\b(?:not|no) (?:a |to a |with a |another |more )*(?:bots?|robots?|machines?|computers?|ai)\b|\bcall me back\b|\bphone me\b|\bsomeone (?:\w+ )?(?:call|contact|phone) me\b|\bplease (?:call|contact|phone) me(?: back| asap| today| tomorrow| now| on| at|[.!?]*$)"
        r"|\bstop (?:the|this) bot\b"
    ),
    "de": (
        r"\b(?:mit (?:einem|einer|ihrem|ihrer|eurem|'nem|nem|jemandem|jemanden|dem|der) ?(?:\w+ )?(?:mensch\w*|mitarbeiter\w*|person|berater\w*|kollege\w*|kundenservice|kundendienst|support|agent\w*|vorgesetzt\w*|chef\w*|operator)?)\b.{0,20}\b(?:sprechen|reden|chatten|telefonieren|schreiben|verbinde\w*|verbunden)"
        r"|\b(?:echte[nrm]?|richtige[nrm]?|menschliche[nrm]?) (?:mensch\w*|person|mitarbeiter\w*|berater\w*)|\b(?:ich will|ich möchte|ich brauche|bitte|gib mir|kann ich) (?:\w+ ){0,3}(?:einen menschen|mitarbeiter\w*|einen berater|einen kollegen|eine person|jemanden vom)|\bverbinde\w* (?:sie )?mich\b|\bmensch bitte\b|^mitarbeiter[.!]*$|\brufen? (?:sie )?mich (?:bitte )?(?:an|zurück)|\bkeine[nm]? (?:bot|roboter|maschine|computer)\b|\bjemand\w* (?:anrufen|zurückrufen|sprechen)"
    ),
    "fr": (
        r"\b(?:parler|discuter|échanger|contacter|joindre)\b.{0,20}\b(?:quelqu'un|un(?:e)? (?:vrai(?:e)? )?(?:personne|humain|conseiller|conseillère|agent|employé|opérateur|responsable|téléconseiller)|vrai(?:e)? personne|service client|humain)|\b(?:un|une) (?:vrai(?:e)? )?(?:conseiller|personne réelle|être humain|humain|vraie personne)\b|\bconseiller (?:svp|s'il)|\bpassez-moi\b|\bmettez-moi en (?:relation|contact)|\brappelez-moi|\bpas (?:à |avec )?un (?:robot|bot)|\bvous êtes un robot\b.{0,20}\bhumain"
    ),
    "es": (
        r"\b(?:hablar|chatear|comunicar(?:me)?|contactar|ponerme en contacto|conectar(?:me)?|pás[ae]me|pás[ae]nme|transfi[eé]r[ae]me)\b.{0,20}\b(?:alguien|persona|humano|agente|operador(?:a)?|asesor(?:a)?|empleado|representante|atención al cliente|encargado|responsable)|\b(?:una persona (?:real|de verdad)|agente humano|un humano|ser humano)\b|^(?:un )?(?:agente|asesor|operador|humano)(?: por favor)?[.!]*$|\bllám[ae]me|\bno (?:quiero|con) (?:hablar con )?un (?:bot|robot)"
    ),
    "it": (
        r"\b(?:parlare|chattare|mettermi in contatto|contattare|mettetemi in contatto|passatemi|passami|collegarmi)\b.{0,20}\b(?:qualcuno|persona|umano|operator[ei]|operatrice|consulente|addetto|assistenza|responsabile|servizio clienti)|\b(?:persona (?:vera|reale)|operatore umano|un umano|essere umano)\b|^(?:un )?operatore(?: per favore)?[.!]*$|\brichiamatemi|\bnon (?:con )?un (?:bot|robot)"
    ),
    "pt": (
        r"\b(?:falar|conversar|contactar|contatar|transferir|transfira|passar|passe)\b.{0,20}\b(?:alguém|pessoa|humano|atendente|agente|operador(?:a)?|assistente|funcionário|gerente|representante|atendimento|apoio ao cliente)|\b(?:pessoa (?:real|de verdade)|atendente humano|ser humano|um humano)\b|^(?:um )?(?:atendente|humano)(?: por favor)?[.!]*$|\bme lig(?:ue|a)|\bnão (?:quero|com) (?:falar com )?um (?:bot|robô)"
    ),
    "nl": (
        r"\b(?:spreken|praten|chatten|contact|doorverbinden|verbinden|bellen)\b.{0,25}\b(?:iemand|medewerker|mens|persoon|klantenservice|agent|adviseur|collega)|\b(?:iemand|medewerker|mens|persoon|klantenservice)\b.{0,25}\b(?:spreken|praten|chatten|doorverbinden|verbinden)|\b(?:echt(?:e)?) (?:mens|persoon|medewerker)|\bbel me\b|\bgeen (?:bot|robot)"
    ),
    "pl": r"\b(?:rozmawiać|porozmawiać|połącz\w*|skontaktować|rozmowa)\b.{0,25}\b(?:kimś|człowiek\w*|konsultant\w*|pracownik\w*|osob\w*|doradc\w*|obsług\w*)|\bżyw\w+ człowiek\w*|\bprawdziw\w+ (?:człowiek|osob)\w*|^konsultant\w*[.!]*$",
    "tr": r"\b(?:temsilci\w*|insan\w*|yetkili\w*|biri(?:yle|siyle)|gerçek (?:kişi|insan)\w*|müşteri hizmetleri\w*|operatör\w*)\b.{0,25}\b(?:konuş\w*|görüş\w*|bağla\w*|iletişim)|\bcanlı destek|\bgerçek bir insan",
    "ru": r"\b(?:поговорить|связаться|соедини\w*|переключи\w*|переведи\w*|позовите|общаться|нужен|хочу|дайте)\b.{0,25}\b(?:человек\w*|оператор\w*|сотрудник\w*|менеджер\w*|консультант\w*|поддержк\w*|кем-?(?:то|нибудь))|\bжив\w+ (?:человек|оператор)\w*|^оператор\w*[.!]*$|\bперезвоните",
    "uk": r"\b(?:поговорити|зв'язатися|з'єднайте|потрібен|хочу)\b.{0,25}\b(?:людин\w*|оператор\w*|менеджер\w*|консультант\w*)|\bжив\w+ людин\w*",
    "sv": r"\b(?:prata|tala|chatta|kontakta|kopplas?)\b.{0,25}\b(?:någon|människa|person|medarbetare|kundtjänst|handläggare|kundservice)|\briktig (?:människa|person)",
    "da": r"\b(?:tale|snakke|chatte|kontakte|stilles om)\b.{0,25}\b(?:nogen|menneske|person|medarbejder|kundeservice)|\brigtigt menneske",
    "no": r"\b(?:snakke|prate|chatte|kontakte|settes over)\b.{0,25}\b(?:noen|menneske|person|medarbeider|kundeservice)|\bekte menneske",
    "fi": r"\b(?:puhua|jutella|keskustella|yhteyttä)\b.{0,25}\b(?:ihmis\w*|henkilö\w*|asiakaspalvelija\w*|jonkun|asiakaspalvelu\w*)|\b(?:ihmis\w*|henkilö\w*|asiakaspalvelija\w*)\b.{0,25}\b(?:puhua|jutella|kanssa)",
    "cs": r"\b(?:mluvit|hovořit|spojit|promluvit|spojte)\b.{0,25}\b(?:člověk\w*|operátor\w*|pracovník\w*|někým|zákaznick\w*)|\bživ\w+ člověk\w*",
    "ro": r"\b(?:vorbesc|vorbi|discut\w*|contact\w*)\b.{0,25}\b(?:cineva|persoan\w*|om|operator\w*|agent\w*|consultant\w*)\b",
    "hu": r"\b(?:emberrel|ügyintézővel|munkatárssal|operátorral|valakivel|ügyfélszolgálattal)\b.{0,25}\b(?:beszél\w*|chatel\w*)|\bbeszél\w*\b.{0,25}\b(?:emberrel|ügyintézővel|valakivel)",
    "el": r"(?:μιλήσω|συνδέστε|επικοινωνήσω|μιλησω).{0,25}(?:άνθρωπο|εκπρόσωπο|κάποιον|υπάλληλο|ανθρωπο)",
    "ar": r"(?:التحدث|أتحدث|اتحدث|أتكلم|تحدث|أكلم|حولني|تحويلي).{0,25}(?:شخص|موظف|إنسان|انسان|ممثل|خدمة العملاء|أحد)",
    "hi": r"(?:इंसान|व्यक्ति|एजेंट|प्रतिनिधि|किसी|कस्टमर केयर).{0,15}(?:बात|जोड़|संपर्क)",
    "ja": r"(?:人間|担当者|オペレーター|オペレータ|スタッフ|人)(?:と|に|へ).{0,6}(?:話|つな|繋|代わ|替わ|チャット|連絡)|有人(?:対応|チャット)",
    "zh": r"(?:转|接|找|要|联系|换)(?:一下|个|到|成)?(?:人工|真人|客服)|人工(?:客服|服务)|(?:和|跟|与)(?:真人|人工|客服|活人)|真人客服",
    "ko": r"(?:상담원|사람|직원|담당자)(?:과|와|이랑|하고|에게|을|를)?.{0,8}(?:연결|통화|이야기|얘기|상담|대화)",
    "vi": r"(?:nói chuyện|gặp|trò chuyện|kết nối|liên hệ).{0,20}(?:nhân viên|người thật|con người|tư vấn viên|tổng đài viên)",
    "th": r"(?:คุย|ติดต่อ|พูด|โอน|ต่อสาย).{0,12}(?:เจ้าหน้าที่|พนักงาน|คนจริง|มนุษย์|แอดมิน)",
    "id": r"\b(?:bicara|berbicara|ngobrol|hubungkan|chat|bertemu)\b.{0,25}\b(?:orang|manusia|agen|petugas|cs|operator|customer service|staf)\b",
}
_COMPILED = {language: re.compile(pattern) for language, pattern in _WISHES.items()}
# Questions about the person who brings the parcel, and about reaching the shop by post, are none.
_NOT = re.compile(r"\b(?:driver|courier|postman)\b|\b(?:e-?mail|postal|web|store|shop|return)[- ]address\b|\b(?:am i|are you|is this) (?:\w+ ){0,3}(?:real|human|person|bot|robot)")


def wants_human(text: str, language: str | None) -> bool:
    """Whether the customer asks for a person: "can I talk to someone", "Mitarbeiter bitte", "转人工".

    The wish is looked for in the message's language and in English, whose words are used everywhere.
    `language` None looks in all languages.
    """
    message = plain(text)
    if count_words(message) > MOST_WORDS:
        return False
    if language is None:
        patterns = list(_COMPILED.values())
    else:
        patterns = [_COMPILED[code] for code in dict.fromkeys((language, "en")) if code in _COMPILED]
    return any(pattern.search(message) for pattern in patterns) and not _NOT.search(message)
