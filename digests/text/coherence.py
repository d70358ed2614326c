"""What a sentence needs beside it to make sense: the sentence before it, or the rest of a quotation.

A sentence leans on the one before it where it opens with a connective ("But", "However") or with a pronoun or a
general noun for somebody already named ("He said", "The statement added").
"""

import re

_OPENING_MARKS = "\"'“”„«»‘’‚‹›(「『–—-• "
_CONNECTIVES_AND_PRONOUNS = {
    "en": "but|and|or|so|yet|nor|however|also|then|thus|hence|therefore|moreover|furthermore|meanwhile|besides|instead|"
    "nevertheless|nonetheless|still|otherwise|similarly|likewise|consequently|additionally|he|she|they|his|her|their|him|"
    "them|its|this|these|that|those|such|both|neither|either|another|others|the (?:two|three|pair|latter|former|same)|"
    "for (?:example|instance|this|that)|as a result|in (?:addition|contrast|turn|response|that|this|other words)|"
    "on the other hand|at the (?:same )?time|because of (?:this|that)|it (?:also|was also|then|added|said)|"
    "(?:that|this) (?:is|was|came|comes|means)",
    "de": "aber|doch|und|oder|denn|sondern|auch|dennoch|trotzdem|jedoch|deshalb|daher|darum|deswegen|außerdem|zudem|"
    "dabei|dann|danach|davor|dazu|damit|darauf|dadurch|dagegen|hingegen|stattdessen|er|sie|ihm|ihn|ihr|ihre|ihrer|ihrem|"
    "sein|seine|seiner|seinem|seinen|dies|diese|dieser|dieses|diesem|diesen|das|beide|beiden|solche|so|also|somit|"
    "inzwischen|allerdings|ebenso|gleichzeitig|zugleich|ferner|letztere[rs]?|erstere[rs]?",
    "fr": "mais|et|ou|or|donc|car|puis|ensuite|ainsi|aussi|alors|cependant|pourtant|toutefois|néanmoins|en effet|en outre|"
    "de plus|par ailleurs|par exemple|en revanche|au contraire|il|elle|ils|elles|lui|leur|leurs|son|sa|ses|ce|cet|cette|"
    "ces|cela|ceci|ça|celui-ci|celle-ci|ceux-ci|celles-ci|ce dernier|cette dernière|c'est|c'était|l'homme|les deux|"
    "tous deux|d'autres|d'où|pour sa part|de son côté|du coup|dès lors|enfin",
    "es": "pero|y|e|o|sino|además|también|entonces|así|por eso|por ello|por tanto|por lo tanto|sin embargo|no obstante|"
    "en cambio|asimismo|mientras tanto|después|luego|él|ella|ellos|ellas|su|sus|este|esta|estos|estas|ese|esa|esos|esas|"
    "esto|eso|aquel|aquella|ambos|ambas|otros|otras|le|les|lo|dicho|dicha",
    "pt": "mas|e|ou|porém|contudo|todavia|entretanto|no entanto|além disso|também|então|assim|por isso|portanto|depois|"
    "ele|ela|eles|elas|seu|sua|seus|suas|este|esta|estes|estas|esse|essa|esses|essas|isto|isso|aquele|aquela|ambos|"
    "outros|outras|já",
    "it": "ma|e|ed|o|però|tuttavia|inoltre|anche|quindi|dunque|poi|così|perciò|pertanto|invece|infatti|intanto|lui|lei|"
    "egli|ella|essi|esse|loro|suo|sua|suoi|sue|questo|questa|questi|queste|quello|quella|quelli|quelle|ciò|entrambi|"
    "altri|altre|quest'ultim[oa]",
    "ru": "но|а|и|однако|также|тоже|поэтому|затем|потом|тогда|зато|притом|причём|причем|кроме того|при этом|вместе с тем|"
    "в то же время|таким образом|он|она|они|оно|его|её|ее|их|ему|ей|им|этот|эта|это|эти|этого|этому|такой|такая|такие|"
    "тот|та|те|оба|обе|там|туда|последний|по (?:его|её|ее|их) (?:словам|мнению|данным|информации)",
    "uk": "але|а|і|й|та|однак|проте|також|теж|тому|потім|тоді|зате|крім того|при цьому|водночас|таким чином|він|вона|вони|"
    "воно|його|її|їх|їхній|йому|їй|їм|цей|ця|це|ці|цього|такий|така|такі|той|ті|обидва|обидві|там|"
    "за (?:його|її|їхніми) (?:словами|даними)",
    "tr": "ama|fakat|ancak|ve|veya|oysa|ayrıca|sonra|daha sonra|bunun|bu|bunlar|bunu|bunda|böylece|dolayısıyla|öte yandan|"
    "buna|o|onlar|onun|onu|ona|şu|her ikisi|ikisi|diğer|bu nedenle|bu arada|bu sırada|yine|aynı|söz konusu|zira|çünkü",
    "id": "tetapi|tapi|namun|dan|atau|juga|lalu|kemudian|selain itu|oleh karena itu|karena itu|sementara itu|meski demikian|"
    "dia|ia|mereka|beliau|ini|itu|hal (?:ini|itu|tersebut)|keduanya|sebaliknya|begitu|demikian|akibatnya|menurutnya|"
    "pihaknya|sedangkan|padahal|sehingga|di sisi lain",
    "fa": "اما|ولی|لیکن|و|یا|همچنین|سپس|بنابراین|پس|البته|با این حال|با این وجود|به همین دلیل|به همین خاطر|در عین حال|"
    "از سوی دیگر|از طرف دیگر|علاوه بر این|وی|او|آنها|آن‌ها|آنان|ایشان|این|آن|چنین|هر دو|همین|نامبرده|در ادامه|در این",
    "ar": "لكن|ولكن|و|أو|كما|أيضا|أيضًا|ثم|لذلك|لذا|وبالتالي|ومع ذلك|رغم ذلك|هو|هي|هم|وهو|وهي|وهم|هذا|هذه|هؤلاء|ذلك|تلك|"
    "وقال|وأضاف|وأضافت|وتابع|وأوضح|وأشار|وأكد|وذكر|وقالت|وأكدت|وأوضحت|وأشارت|وكان|وكانت|من جهته|من جانبه|من جهتها",
    "hi": "लेकिन|मगर|पर|और|या|परंतु|किंतु|हालांकि|हालाँकि|इसलिए|फिर|वह|वे|वो|उन्होंने|उसने|उनके|उनकी|उनका|उसके|उसकी|उसका|उन्हें|"
    "उसे|यह|ये|इस|इसके|इसकी|इसका|इससे|इन|इनमें|इसमें|ऐसे|वहीं|साथ ही|इसके अलावा|दोनों|उस|उन",
    "ur": "لیکن|مگر|اور|یا|تاہم|البتہ|چنانچہ|پھر|اس لیے|وہ|انہوں نے|انھوں نے|اس نے|ان کے|ان کی|ان کا|ان کو|اس کے|اس کی|"
    "اس کا|انہیں|اسے|یہ|اس|ان|جبکہ|دونوں|ادھر|دوسری جانب|اس سے",
    "ps": "خو|او|یا|همدارنګه|بیا|نو|هغه|هغې|هغوی|دی|دوی|دا|دغه|د هغه|د هغې|د دوی|ده|دې|له دې|دواړه",
    "zh": "但|但是|然而|不过|不過|而|而且|并|并且|此外|另外|同时|同時|因此|所以|于是|於是|随后|隨後|他|她|它|他们|她们|他們|她們|这|這|那|"
    "该|該|其|其中|两人|兩人|双方|对此|對此",
    "ja": "しかし|だが|ただし|ただ|そして|また|さらに|そのため|このため|それで|だから|一方|これ|それ|彼|彼女|この|その|同氏|同社|両|これら|それら|"
    "こうした|そうした|なお|ところが|すると",
}  # fmt: skip
_UNSPACED = frozenset({"zh", "ja"})
_LEANING = {
    language: re.compile(
        rf"[{_OPENING_MARKS}]*(?:{words})" + ("" if language in _UNSPACED else r"(?![\w\u0900-\u0963])"), re.IGNORECASE
    )
    for language, words in _CONNECTIVES_AND_PRONOUNS.items()
}
_ARABIC_AND = re.compile(
    "و(?:قد|كان|كانت|قال|قالت|أضاف|أضافت|تابع|أوضح|أشار|أكد|ذكر|من|في|على|لم|لا|هو|هي|بحسب|كشف|تأتي|يأتي|جاء)"
)
_PAIRS = {"“": "”", "„": "“”", "«": "»", "‹": "›", "「": "」", "『": "』", "(": ")", "（": "）", "[": "]"}


def leans(sentence: str, language: str) -> bool:
    """Whether a sentence makes no sense without the one before it."""
    pattern = _LEANING.get(language)
    if pattern and pattern.match(sentence):
        return True
    return language == "ar" and bool(_ARABIC_AND.match(sentence))


def is_torn(sentence: str) -> bool:
    """Whether a quotation or a bracket is opened and not closed in it, or closed and not opened."""
    if sentence.count('"') % 2:
        return True
    expected: list[str] = []
    for character in sentence:
        if expected and character in expected[-1]:
            expected.pop()
        elif character in _PAIRS:
            expected.append(_PAIRS[character])
        elif character in "”»」』)）]":
            return True
    return bool(expected)
