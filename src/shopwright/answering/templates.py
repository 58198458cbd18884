"""The few words the bot itself puts around a quotation, in the customer's language."""

_LEAD_IN = {
    "en": "Here is what “{title}” says:",
    "de": "Dazu steht in „{title}“:",
    "fr": "Voici ce que dit « {title} » :",
    "es": "Esto es lo que dice «{title}»:",
    "it": "Ecco cosa dice «{title}»:",
    "nl": "Dit staat in ‘{title}’:",
    "pt": "Eis o que diz “{title}”:",
    "pl": "Oto, co mówi „{title}”:",
    "cs": "V dokumentu „{title}“ stojí:",
    "da": "Her er, hvad der står i »{title}«:",
    "sv": "Så här står det i ”{title}”:",
    "no": "Dette står i «{title}»:",
    "fi": "Asiakirjassa ”{title}” sanotaan:",
    "hu": "Ez áll a(z) „{title}” dokumentumban:",
    "ro": "Iată ce spune „{title}”:",
    "tr": "“{title}” şunu söylüyor:",
    "el": "Αυτά αναφέρει το «{title}»:",
    "ru": "Вот что сказано в «{title}»:",
    "uk": "Ось що сказано в «{title}»:",
    "ja": "「{title}」には次のようにあります:",
    "zh": "“{title}”中写道：",
    "ko": "“{title}”에 다음과 같이 나와 있습니다:",
    "ar": "هذا ما ورد في «{title}»:",
    "hi": "“{title}” में लिखा है:",
    "th": "“{title}” ระบุไว้ดังนี้:",
}
_NOT_MENTIONED = {
    "en": "Please note: what I found does not mention {names}.",
    "de": "Bitte beachten Sie: {names} wird in dem, was ich gefunden habe, nicht erwähnt.",
    "fr": "À noter : ce que j’ai trouvé ne mentionne pas {names}.",
    "es": "Tenga en cuenta: lo que he encontrado no menciona {names}.",
    "it": "Attenzione: ciò che ho trovato non menziona {names}.",
    "nl": "Let op: in wat ik heb gevonden wordt {names} niet genoemd.",
    "pt": "Atenção: o que encontrei não menciona {names}.",
    "pl": "Uwaga: znalezione informacje nie wspominają o: {names}.",
    "cs": "Upozornění: v tom, co jsem našel, není zmíněno {names}.",
    "da": "Bemærk: det, jeg fandt, nævner ikke {names}.",
    "sv": "Observera: det jag hittade nämner inte {names}.",
    "no": "Merk: det jeg fant, nevner ikke {names}.",
    "fi": "Huomaa: löytämissäni tiedoissa ei mainita: {names}.",
    "hu": "Figyelem: amit találtam, nem említi: {names}.",
    "ro": "De reținut: ce am găsit nu menționează {names}.",
    "tr": "Not: bulduklarım {names} konusundan söz etmiyor.",
    "el": "Σημείωση: όσα βρήκα δεν αναφέρουν: {names}.",
    "ru": "Обратите внимание: в найденном нет упоминания: {names}.",
    "uk": "Зверніть увагу: у знайденому немає згадки про: {names}.",
    "ja": "ご注意: 見つかった情報には「{names}」についての記載がありません。",
    "zh": "请注意：我找到的内容没有提到{names}。",
    "ko": "참고: 찾은 내용에는 {names}에 대한 언급이 없습니다.",
    "ar": "يرجى الملاحظة: ما وجدته لا يذكر {names}.",
    "hi": "कृपया ध्यान दें: मुझे जो मिला उसमें {names} का उल्लेख नहीं है।",
    "th": "โปรดทราบ: ข้อมูลที่พบไม่ได้กล่าวถึง {names}",
}
_DECLINED = {
    "en": "I could not find an answer to that in the documents I have.",
    "de": "Dazu habe ich in den mir vorliegenden Dokumenten keine Antwort gefunden.",
    "fr": "Je n’ai pas trouvé de réponse à cette question dans les documents dont je dispose.",
    "es": "No he encontrado una respuesta a eso en los documentos de que dispongo.",
    "it": "Non ho trovato una risposta nei documenti che ho a disposizione.",
    "nl": "Ik heb hierover geen antwoord gevonden in de documenten die ik heb.",
    "pt": "Não encontrei uma resposta para isso nos documentos que tenho.",
    "pl": "Nie znalazłem odpowiedzi na to pytanie w dostępnych dokumentach.",
    "cs": "V dokumentech, které mám k dispozici, jsem na to nenašel odpověď.",
    "da": "Det kunne jeg ikke finde et svar på i de dokumenter, jeg har.",
    "sv": "Jag hittade inget svar på det i de dokument jag har.",
    "no": "Jeg fant ikke svar på det i dokumentene jeg har.",
    "fi": "En löytänyt siihen vastausta käytettävissäni olevista asiakirjoista.",
    "hu": "Erre nem találtam választ a rendelkezésemre álló dokumentumokban.",
    "ro": "Nu am găsit un răspuns la această întrebare în documentele pe care le am.",
    "tr": "Elimdeki belgelerde buna bir yanıt bulamadım.",
    "el": "Δεν βρήκα απάντηση σε αυτό στα έγγραφα που έχω.",
    "ru": "В имеющихся у меня документах ответа на это не нашлось.",
    "uk": "У наявних документах відповіді на це не знайшлося.",
    "ja": "手元の資料には、その答えが見つかりませんでした。",
    "zh": "在我现有的资料中没有找到答案。",
    "ko": "제가 가진 문서에서는 그에 대한 답을 찾지 못했습니다.",
    "ar": "لم أجد إجابة عن ذلك في المستندات المتاحة لي.",
    "hi": "मेरे पास मौजूद दस्तावेज़ों में इसका उत्तर नहीं मिला।",
    "th": "ไม่พบคำตอบเรื่องนี้ในเอกสารที่มีอยู่",
}


def lead_in(language: str, title: str) -> str:
    """Return the words before a quotation."""
    return _LEAD_IN.get(language, _LEAD_IN["en"]).replace("{title}", title)


def not_mentioned(language: str, names: list[str]) -> str:
    """Return the note that the sources do not speak of something that was asked about."""
    return _NOT_MENTIONED.get(language, _NOT_MENTIONED["en"]).replace("{names}", ", ".join(names))


def declined(language: str) -> str:
    """Return the words for a question that the sources do not answer."""
    return _DECLINED.get(language, _DECLINED["en"])
