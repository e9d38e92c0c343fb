"""Words for numbers, for what multiplies them and for what they count, in English, Russian and Arabic."""

import re
from collections.abc import Mapping

from align.concepts import Concepts
from align.words import fold


def _table(entries: str) -> dict[str, float]:
    """From "20 twenty score; 30 thirty": a folded word to its number."""
    table: dict[str, float] = {}
    for entry in entries.split(";"):
        value, *words = entry.split()
        table.update((fold(word), float(value)) for word in words)
    return table


NUMBERS: Mapping[str, Mapping[str, float]] = {
    "en": _table(
        "1 one; 2 two; 3 three; 4 four; 5 five; 6 six; 7 seven; 8 eight; 9 nine; 10 ten; 11 eleven; 12 twelve; "
        "13 thirteen; 14 fourteen; 15 fifteen; 16 sixteen; 17 seventeen; 18 eighteen; 19 nineteen; 20 twenty; "
        "30 thirty; 40 forty; 50 fifty; 60 sixty; 70 seventy; 80 eighty; 90 ninety"
    ),
    "ru": _table(
        "1 один одна одно одного одной одному одним одном одну; 2 два две двух двум двумя двое двоих двоим; "
        "3 три трёх трём тремя трое троих троим; 4 четыре четырёх четырём четырьмя четверо четверых; "
        "5 пять пяти пятью пятеро пятерых; 6 шесть шести шестью шестеро шестерых; 7 семь семи семью семеро семерых; "
        "8 восемь восьми восемью; 9 девять девяти девятью; 10 десять десяти десятью; "
        "11 одиннадцать одиннадцати; 12 двенадцать двенадцати; 13 тринадцать тринадцати; "
        "14 четырнадцать четырнадцати; 15 пятнадцать пятнадцати; 16 шестнадцать шестнадцати; "
        "17 семнадцать семнадцати; 18 восемнадцать восемнадцати; 19 девятнадцать девятнадцати; "
        "20 двадцать двадцати двадцатью; 30 тридцать тридцати; 40 сорок сорока; 50 пятьдесят пятидесяти; "
        "60 шестьдесят шестидесяти; 70 семьдесят семидесяти; 80 восемьдесят восьмидесяти; 90 девяносто девяноста; "
        "100 сто ста; 200 двести двухсот; 300 триста трёхсот; 400 четыреста четырёхсот; 500 пятьсот пятисот; "
        "1000 тысяча тысячу; 1000000 миллион; 1000000000 миллиард; 600 шестьсот шестисот; 700 семьсот семисот; "
        "800 восемьсот восьмисот; 900 девятьсот девятисот"
    ),
    "ar": _table(
        "1 واحد واحدة أحد إحدى; 2 اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي; 3 ثلاثة ثلاث; 4 أربعة أربع; "
        "5 خمسة خمس; 6 ستة ست; "
        "7 سبعة سبع; 8 ثمانية ثماني ثمان; 9 تسعة تسع; 10 عشرة عشر; 20 عشرون عشرين; 30 ثلاثون ثلاثين; "
        "40 أربعون أربعين; "
        "50 خمسون خمسين; 60 ستون ستين; 70 سبعون سبعين; 80 ثمانون ثمانين; 90 تسعون تسعين; 100 مئة مائة; "
        "200 مئتان مئتين مئتي مئتا مائتان مائتين مائتي مائتا; 300 ثلاثمئة ثلاثمائة; 400 أربعمئة أربعمائة; "
        "500 خمسمئة خمسمائة; "
        "600 ستمئة ستمائة; 700 سبعمئة سبعمائة; 800 ثمانمئة ثمانمائة; 900 تسعمئة تسعمائة; 1000 ألف; "
        "2000 ألفان ألفين ألفي ألفا; "
        "1000000 مليون; 2000000 مليونان مليونين مليوني مليونا; 1000000000 مليار; 2000000000 مليارين ملياري; "
        "3 الثلاث الثلاثة; 4 الأربع الأربعة; 5 الخمس الخمسة; 6 الست الستة; 7 السبع السبعة; 8 الثماني الثمانية; "
        "9 التسع التسعة; 10 العشر العشرة"
    ),
}

# these are numbers just before others: أحد عشر is eleven, أحد الجنود one of the soldiers
NUMBERS_IN_COMPOUNDS = frozenset({"احد", "احدى"})

# before a ten these make an ordinal: الثاني عشر is the twelfth
ORDINALS_BEFORE_TEN = re.compile(r"(?:حادي|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع)ة?\s+$")

# these stand after what they count: "القرى الثلاث", "جنديين اثنين", "يوم واحد"
NUMBERS_AFTER_NOUN: Mapping[str, frozenset[str]] = {
    "ar": frozenset(
        word for word, value in NUMBERS["ar"].items() if value <= 2 or (value <= 10 and word.startswith("ال"))
    )
}

# these are figures just before a scale word: "half a million", «полтора миллиона»
FRACTIONS: Mapping[str, Mapping[str, float]] = {
    "en": _table("0.5 half; 1 a"),
    "ru": _table("0.5 половина; 1.5 полтора полутора"),
    "ar": _table("0.5 نصف; 0.25 ربع"),
}

SCALES: Mapping[str, Mapping[str, float]] = {
    "en": _table("100 hundred; 1e3 thousand k; 1e6 million mln m mn; 1e9 billion bn; 1e12 trillion trn tn; 12 dozen"),
    "ru": _table(
        "1e3 тыс тысяча тысячи тысяч тысяче тысячу тысячей тысячам тысячами тысячах; "
        "1e6 млн миллион миллиона миллионов миллиону миллионом миллионе миллионам миллионами миллионах; "
        "1e9 млрд миллиард миллиарда миллиардов миллиарду миллиардом миллиарде миллиардам миллиардами миллиардах; "
        "1e12 трлн триллион триллиона триллионов триллионе"
    ),
    "ar": _table(
        "100 مئة مائة; 1e3 ألف ألفا آلاف; 1e6 مليون مليونا ملايين; 1e9 مليار مليارا مليارات بليون; "
        "1e12 تريليون تريليونا تريليونات"
    ),
}

# Words for what is counted. Those under "" are counted too, but are no unit and keep what follows from being one.
_UNITS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "percent": r"percent\w*|per\scents?|pct",
        "USD": r"dollars?|us\sdollars?|usd",
        "EUR": r"euros?|eur",
        "GBP": r"sterling|gbp",
        "RUB": r"roubles?|rubles?|rub",
        "CNY": r"yuan|renminbi",
        "INR": r"rupees?",
        "SAR": r"riyals?",
        "AED": r"dirhams?",
        "KZT": r"tenge",
        "cents": r"cents?",
        "barrels": r"barrels?|bpd",
        "tonnes": r"tonnes?|tons?",
        "kilograms": r"kg|kilograms?|kilos?",
        "kilometres": r"km|kilomet\w+",
        "metres": r"met(?:re|er)s?",
        "miles": r"miles?",
        "years": r"years?",
        "months": r"months?",
        "weeks": r"weeks?",
        "days": r"days?",
        "hours": r"hours?",
        "minutes": r"minutes?",
        "": r"famil(?:y|ies)|households?",
        "people": r"people|persons?|civilians?|soldiers?|troops|servicemen|servicewomen|fighters?|militants?|rebels?|"
        r"terrorists?|residents?|villagers?|\w+ians|women|men|children|dead|killed|wounded|injured|deaths?|casualties|"
        r"victims?|"
        r"officers?|officials?|diplomats?|saboteurs?|shepherds?|farmers?|drivers?|doctors?|medics?|teachers?|guards?|"
        r"conscripts?|recruits|sons|daughters|lawmakers|voters|experts?|observers?|monitors|peacekeepers?|gunmen|adults|"
        r"boys|girls|refugees|migrants?|protesters?|prisoners?|hostages?|rescuers?|workers?|pupils?|students?|bodies|"
        r"volunteers?|patients?|passengers?|journalists?|detainees|policemen|sailors?",
    },
    "ru": {
        "percent": r"процент\w*|проц",
        "USD": r"доллар\w*|долл|usd",
        "EUR": r"евро|eur",
        "GBP": r"фунт\w*",
        "RUB": r"рубл\w*|руб",
        "CNY": r"юан\w*",
        "INR": r"рупи\w*",
        "SAR": r"риал\w*|риял\w*",
        "AED": r"дирхам\w*",
        "KZT": r"тенге",
        "UAH": r"грив\w*",
        "cents": r"цент(?:а|ов|ы)?",
        "barrels": r"баррел\w*",
        "tonnes": r"тонн\w*",
        "kilograms": r"кг|килограмм\w*",
        "kilometres": r"км|километр\w*",
        "metres": r"метр(?:а|ов|ах|ы|ам|ами)?",
        "miles": r"мил[ьяи]\w*",
        "years": r"год(?:а|ов|у|ам)?|лет",
        "months": r"месяц\w*",
        "weeks": r"недел\w*",
        "days": r"дн(?:я|ей|ям|и)|день|сут(?:ок|ки)",
        "hours": r"час(?:а|ов|ам|ы)?",
        "minutes": r"минут\w*",
        "": r"семь[ияёе]\w*|семей",
        "people": r"человек\w*|люд(?:ей|и|ям)|чел|военнослужащ\w*|солдат\w*|боец|бойц\w*|боевик\w*|мирны\w*|"
        r"жител\w*|женщин\w*|"
        r"мужчин\w*|дет(?:ей|и|ям)|ребён\w*|ребен\w*|погибш\w*|погиб\w*|убит\w*|ранен\w*|пострадавш\w*|жертв\w*|"
        r"беженц\w*|"
        r"офицер\w*|террорист\w*|повстанц\w*|пленны\w*|заложник\w*|спасател\w*|сотрудник\w*|специалист\w*|"
        r"военн(?:ых|ые)|дипломат\w*|чиновник\w*|диверсант\w*|пастух\w*|чабан\w*|водител\w*|врач\w*|учител\w*|"
        r"эксперт\w*|журналист\w*|депутат\w*|подрост\w*|школьник\w*|студент\w*|пассажир\w*|мигрант\w*|моряк\w*|"
        r"задержанн\w*|арестованн\w*|наблюдател\w*|миротворц\w*|полицейск\w*|рабочи[хем]\w*|сыновей|сына",
    },
    "ar": {
        "percent": r"(?:في|ب)\s?ال?(?:مئة|مائة|مئه)",
        "USD": r"دولار\w*",
        "EUR": r"يورو",
        "GBP": r"جنيه\w*",
        "RUB": r"روبل\w*",
        "CNY": r"يوان\w*",
        "INR": r"روبي\w*",
        "SAR": r"ريال\w*",
        "AED": r"درهم\w*|دراهم",
        "cents": r"سنت\w*",
        "barrels": r"برميل\w*|براميل",
        "tonnes": r"طن\w?|اطنان",
        "kilograms": r"كيلوغرام\w*|كلغ|كيلوجرام\w*",
        "kilometres": r"كيلومتر\w*|كلم|كم",
        "metres": r"مترا?|امتار",
        "years": r"عام\w?|اعوام|سن(?:ة|وات|ين)",
        "months": r"شهرا?|اشهر|شهور",
        "weeks": r"اسبوعا?|اسابيع",
        "days": r"يوما?|ايام",
        "hours": r"ساع(?:ة|ات)",
        "minutes": r"دقيقة|دقائق",
        "": r"عائل(?:ة|ات|تين|تان)|اسرة?|اسر(?:تين|تان)",
        "people": r"شخصا?|اشخاص|مدني\w*|جندي\w*|جنود\w*|عسكري\w*|مقاتل\w*|مسلح\w*|ارهابي\w*|قتيل\w*|قتلى|"
        r"قتلو\w*|جريح\w*|جرحى|مصاب\w*|"
        r"اصاب\w+|نازح\w*|لاجئ\w*|ضحي\w*|ضحايا|شهيد\w*|شهداء|طفل\w*|اطفال|امر[اأ]ة|نساء|رجل\w*|رجال|اسير\w*|"
        r"اسرى|رهين\w*|"
        r"رهائن|عنصر\w*|عناصر\w*|مواطن\w*|مسعف\w*|صحفي\w*|افراد|"
        r"دبلوماسي\w*|مسؤول\w*|خبير\w*|خبراء|سائق\w*|طبيب\w*|اطباء|مزارع\w*|طالب\w*|طلاب|تلميذ\w*|تلاميذ|ركاب|"
        r"موظف\w*|عامل\w*|عمال|صياد\w*|محتج\w*|متظاهر\w*|معتقل\w*|محتجز\w*|راعي\w*|رعاة|ابناء|شرطي\w*|بحار\w*",
    },
}
FAR_UNITS = frozenset({"people", ""})  # adjectives may stand between: "30 Armenian troops", "400 displaced families"
UNITS = {
    language: [(unit, re.compile(rf"(?:{words})(?!\w)")) for unit, words in units.items()]
    for language, units in _UNITS.items()
}

# what may stand just before a figure, between it and the word that bounds it
_LINK = {"en": r"\s[$€£]?$", "ru": r"\s(?:чем\s)?(?:(?:в|на|из)\s)?[$€£]?$", "ar": r"\s?[بل]?[$€£]?$"}
_BOUNDS = {
    "en": {
        "at most": r"(?:no|not) (?:more|greater|higher) than|up to|as (?:many|much|high) as|at most|a maximum of|"
        r"(?<!no )(?<!not )(?:less|fewer|lower) than|under|below|do(?:es)? not exceed",
        "at least": r"(?:no|not) (?:less|fewer|lower) than|at least|a minimum of|(?:more|greater|higher) than|over|"
        r"above|exceed(?:s|ed|ing)?|past",
        "about": r"about|around|some|roughly|approximately|nearly|almost|close to|closer to|perhaps|an estimated|circa",
    },
    "ru": {
        "at most": r"не (?:более|больше|выше)|максимум|(?<!не )(?:менее|меньше|ниже)|(?<!не )(?<!с )до",
        "at least": r"не (?:менее|меньше|ниже)|как минимум|минимум|по меньшей мере|по крайней мере|более|больше|"
        r"свыше|выше|превысил[аио]?|превысив|превышает",
        "about": r"около|примерно|порядка|почти|приблизительно|ориентировочно|вблизи|чуть",
    },
    "ar": {
        "at most": r"(?:ما )?يصل إلى|(?:لا|لن|لم) [يت]تجاوز|(?:لا|لن|لم) [يت]زيد (?:على|عن)|[بل]?أقل من|دون|كحد أقصى",
        "at least": r"(?:لا|لن) [يت]قل (?:عن|على)|[بل]?أكثر من|[بل]?أزيد من|فوق|ما يزيد (?:على|عن)|[يت]فوق|[يت]تجاوز|"
        r"تجاوز|تجاوزت",
        "about": r"[بل]?نحو|حوالي|زهاء|[بل]?قرابة|ما يقارب|[يت]قارب|قاربت|[يت]ناهز|تقريبا",
    },
}
# the bound of a figure by the words before it; the first that fits holds
BOUNDS_BEFORE = {
    language: [
        (bound, re.compile(rf"(?<!\w)(?:{words}){_LINK[language]}".replace(" ", r"\s")))
        for bound, words in bounds.items()
    ]
    for language, bounds in _BOUNDS.items()
}
# of "at least" after it: "six months at least", "ten or more"
BOUNDS_AFTER = {
    "en": re.compile(r"(?:\s\w+)?\s(?:or more|at least)\b"),
    "ar": re.compile(r"(?:\s\w+)?\sعلى\sالأقل"),
}
# Two figures are the ends of a range where this fits what stands before the first, then \0, then what is between.
RANGES = {
    "en": re.compile(r"\0\sto\s[$€£]?$|\bbetween\s[$€£]?\0\sand\s[$€£]?$"),
    "ru": re.compile(r"(?<!\w)(?:от|со?)\s\0\sдо\s$|\bмежду\s\0\sи\s$"),
    "ar": re.compile(r"\0\s(?:إلى|حتى)\s$|\bبين\s\0\sو\s?$"),
}

# Words that a number of the other language may stand for, though they are no figures: ordinals, "twice", "decade"; by
# beginnings of words, with `$` at the end of a whole word.
HINTS = Concepts.from_mapping(
    {
        "0": {"en": "zero$ nil$ midnight$", "ru": "ноль нул полноч полуноч", "ar": "صفر"},
        "0.5": {"en": "half$ halv mid", "ru": "пол", "ar": "نصف منتصف"},
        "1": {
            "en": "one once$ first single sole$ a$ an$",
            "ru": "один одн перв единств",
            "ar": "واحد احد احدى اول وحيد حادي",
        },
        "1.5": {"ru": "полтор"},
        "2": {
            "en": "two second twice$ both$ doubl pair couple twin duo$ half$ halv bi dual other$ another$ either$",
            "ru": "два две дву дво втор оба$ обе$ обо пар пол другой$ другая$",
            "ar": "ثان اثن مرتين ضعف مضاعف نصف زوج كلا كلت كلي اخر",
        },
        "3": {"en": "three third thrice$ tri", "ru": "три тре тро", "ar": "ثلاث ثالث ثلث"},
        "4": {"en": "four quart quadr", "ru": "четыр четв", "ar": "اربع رابع ربع ارباع"},
        "5": {"en": "five fifth quint pent", "ru": "пят", "ar": "خمس خامس اخماس"},
        "6": {"en": "six", "ru": "шест", "ar": "ست سادس سدس"},
        "7": {"en": "seven", "ru": "сем седьм", "ar": "سبع سابع"},
        "8": {"en": "eight octo", "ru": "восем восьм", "ar": "ثمان ثامن ثمن"},
        "9": {"en": "nine nint", "ru": "девят", "ar": "تسع تاسع"},
        "10": {"en": "ten$ tenth tens$ decade", "ru": "десят", "ar": "عشر عاشر عقد عقود"},
        "11": {"en": "eleven", "ru": "одиннадцат"},
        "12": {
            "en": "twel dozen noon$ midnight$",
            "ru": "двенадцат дюжин полдень полдня полноч",
            "ar": "اثن ظهر منتصف",
        },
        "13": {"en": "thirteen", "ru": "тринадцат"},
        "14": {"en": "fourteen fortnight", "ru": "четырнадцат"},
        "15": {"en": "fifteen", "ru": "пятнадцат"},
        "16": {"ru": "шестнадцат"},
        "17": {"ru": "семнадцат"},
        "18": {"en": "eighteen", "ru": "восемнадцат"},
        "19": {"en": "nineteen", "ru": "девятнадцат"},
        "20": {"en": "twent", "ru": "двадцат", "ar": "عشرون عشرين"},
        "30": {"en": "thirt", "ru": "тридцат", "ar": "ثلاثون ثلاثين"},
        "40": {"en": "fort", "ru": "сорок", "ar": "اربعون اربعين"},
        "50": {"en": "fift", "ru": "пятьдесят пятидесят", "ar": "خمسون خمسين"},
        "60": {"en": "sixt", "ru": "шестьдесят шестидесят", "ar": "ستون ستين"},
        "70": {"en": "sevent", "ru": "семьдесят семидесят", "ar": "سبعون سبعين"},
        "80": {"en": "eight", "ru": "восемьдесят восьмидесят", "ar": "ثمانون ثمانين"},
        "90": {"en": "ninet", "ru": "девяност", "ar": "تسعون تسعين"},
        "100": {"en": "hundred cent percent", "ru": "сто сот век процент", "ar": "مئه مائه مئات مئوي قرن قرون"},
        "200": {"ru": "двести двухсот", "ar": "مئتي مئتا مائتي مائتا"},
        "300": {"ru": "триста трехсот"},
        "400": {"ru": "четырест четырехсот"},
        "500": {"ru": "пятьсот пятисот"},
        "1000": {"en": "thousand mill", "ru": "тысяч", "ar": "الف الاف"},
        "1e6": {"en": "million", "ru": "миллион млн", "ar": "مليون ملايين"},
        "1e9": {"en": "billion", "ru": "миллиард млрд", "ar": "مليار بليون"},
        "1e12": {"en": "trillion", "ru": "триллион трлн", "ar": "تريليون"},
    }
)
# a word of these endings may be a dual: "يومين" is two days
ARABIC_DUAL = re.compile(r"\w{3,}(?:ان|ين|تي|تا)\b")
