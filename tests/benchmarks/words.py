"""The words that the benchmark exports consist of.

Harmless ones, so that only `BLOCKED_ANCHORS` meets an anchor block list, and no URL looks like a
comment, forum or profile page. Data for link_rows.py; nothing to run.
"""

import itertools


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ENGLISH = _words(
    """
    able about across after again along always among another around autumn balance basic bench
    better between bicycle bottle branch bridge bright build butter camp candle canvas careful
    carpet ceiling ceramic chapter choose classic clean climb coast coffee colour compare cotton
    council country course craft cycle daily deep detail dinner distance double early easy edge
    engine enough evening every fabric family farm favourite field first fishing floor flower
    follow forest forward fresh friend fruit garden gentle glass ground guide handle harbour
    harvest healthy heavy helmet hiking hill history honest house island jacket journey kettle
    kitchen ladder lake lamp learn leather lesson light local long lunch maple market measure
    meadow meeting middle modern morning mountain museum music natural notebook number ocean
    office orange orchard outdoor oven paint paper path pattern pepper picture pillow planet
    plant pocket practical process quality quiet railway rain recipe repair report river road
    rope saddle salad school season second seed shelf shelter shoulder silver simple small snow
    soap spring square station steel stone storage story street strong summer sunny supper table
    tailor tea tent test timber tools towel town trail travel valley village walking warm water
    weather weekend wheel window winter wooden wool workshop yard year yellow
    """
)

FOREIGN = tuple(
    map(
        _words,
        (
            "für über schöne Gärten Grüße Möbel Bäckerei Küche größer Wände natürlich Straße",
            "été forêt élégant déjà café maçon être où garçon naïve château préféré",
            "año montaña niño también jardín más corazón cómo camión señal pequeño",
            "łąka źródło święto ogród żółty góra dzień ciepły książka wieś",
            "лес река дорога сад зима тёплый дом книга окно вечер хлеб утро",
            "βουνό θάλασσα κήπος χειμώνας δρόμος σπίτι ψωμί βιβλίο",
            "山 川 庭 冬の朝 静かな道 木の家 手作り 旅行の記録",
            "花园 山路 冬天 面包 木屋 旅行指南 厨房 自行车",
            "حديقة جبل طريق كتاب خبز شتاء بيت",
            "정원 겨울 아침 나무 여행 부엌 자전거",
            "dağ çiçek köy ağaç güneş şehir öğle",
            "vườn đường mùa bếp rừng bánh",
        ),
    )
)

EMOJI = ("🚲", "🌲", "☕", "🏔️", "👩‍🌾", "🔥", "✅", "🍞")

BLOCKED_ANCHORS = ("online casino", "buy viagra", "free porn", "payday loan")

# Weighted: a name stands as often as its part of a hundred registrable domains.
SUFFIXES = tuple(
    itertools.chain.from_iterable(
        itertools.repeat(suffix, share)
        for suffix, share in (
            ("com", 44),
            ("org", 6),
            ("net", 5),
            ("de", 7),
            ("co.uk", 6),
            ("blogspot.com", 6),
            ("com.au", 4),
            ("github.io", 3),
            ("fr", 3),
            ("es", 2),
            ("it", 2),
            ("nl", 2),
            ("pl", 2),
            ("ru", 2),
            ("co.jp", 1),
            ("com.br", 1),
            ("info", 1),
            ("io", 1),
            ("wordpress.com", 1),
            ("herokuapp.com", 1),
        )
    )
)
