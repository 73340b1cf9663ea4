"""What finds what in each language, and what must not: read it as a table."""

import pytest
from wagtail.models import Locale

from delivery import generation
from home.models import HomePage, StandardPage
from news.models import Topic
from search import query, results, suggestions
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# language: ((what a page is called, what finds it, what does not), ...)
CASES = {
    "en": (
        ("Clinical trials in Leeds", ("trials", "TRIAL", "“clinical trial”"), ("trail", "“trial clinical”")),
        ("A study of ageing", ("studies", "Study"), ("student",)),
        ("Long-term care", ("long-term", "long term", "longterm", "Long‑Term"), ("“term long”",)),
        ("Longterm plans", ("long-term",), ("longer term",)),
        ("Send an e-mail", ("email", "e-mail", "E-MAIL"), ("male",)),
        ("Email addresses", ("e-mail", "address"), ("dress",)),
        ("Children’s hospitals", ("children's", "children", "childrens", "hospital"), ("hospice", "child’s play")),
        ("Professor O’Brien", ("o'brien", "OBrien", "O’BRIEN"), ("bryan",)),
        ("The café in Zürich", ("cafe", "CAFÉ", "cafe\u0301", "zurich"), ("caffeine",)),
        ("Covid-19 vaccines", ("covid", "covid19", "covid 19", "COVID-19", "vaccine"), ("covid18",)),
        ("ＮＨＳ ｔｒｕｓｔｓ", ("NHS trust", "nhs", "ｎｈｓ"), ("nh",)),
        ("Policy for researchers", ("policies", "researcher"), ("police",)),
        ("News of the week", ("news", "weeks"), ("new",)),
    ),
    "fr": (
        ("Les essais cliniques", ("essai clinique", "ESSAIS"), ("essaim",)),
        ("À l’hôpital public", ("hopital", "hôpital", "l'hopital", "L’HÔPITAL", "hôpitaux"), ("hospice",)),
        ("L’Union d’Europe", ("Europe", "union", "d'europe"), ("unique",)),
        ("Évaluation de l’œuvre", ("evaluations", "oeuvre", "œuvres", "e\u0301valuation"), ("ouvre",)),
        ("Des chevaux", ("cheval",), ("cheveux",)),
        ("La grand-mère", ("grand mère", "grandmere", "GRAND-MÈRE"), ("grandeur",)),
        ("Le poisson", ("poissons",), ("poison",)),
        ("Le désert", ("deserts",), ("dessert",)),
    ),
    "de": (
        ("Die Datenschutz-Verordnung", ("Datenschutzverordnung", "Datenschutz", "Verordnungen"), ("Datenschatz",)),
        ("Straßenverkehrsordnung", ("Straßenverkehrs-Ordnung", "strassenverkehrsordnung"), ("Ordnung",)),
        ("Krankenhäuser in der Straße", ("Krankenhaus", "krankenhauser", "STRASSE", "Straßen"), ("Kranker",)),
        ("Ärzte und Studien", ("Arzt", "Studie"), ("Stadien",)),
        ("Frau Müller", ("Muller", "MÜLLER", "mu\u0308ller"), ("Möller Mahler",)),
        ("Die E-Mail-Adresse", ("Email", "E-Mail", "Adressen"), ("Emil",)),
        ("Die Kirche", ("Kirchen",), ("Kirsche",)),
        ("Die Wahl", ("Wahlen",), ("Wal",)),
    ),
    "cy": (
        ("Fy mhobl i", ("pobl", "bobl", "phobl", "POBL"), ("pabell",)),
        ("Byw yng Nghymru", ("Cymru", "Gymru", "Chymru", "yng nghymru"), ("Cymraeg",)),
        ("Dau dreial clinigol", ("treial", "threial", "nhreial", "treialon"), ("treiddio",)),
        ("Treialon newydd", ("treial", "dreialon"), ("trwy",)),
        ("Gwasanaethau iechyd", ("gwasanaeth", "wasanaethau", "ngwasanaeth", "iechyd"), ("ieithydd",)),
        ("Ar y galon", ("calon", "chalon", "nghalon"), ("colon",)),
        ("Y meddygon", ("meddyg", "feddyg", "feddygon"), ("meddwl",)),
        ("Mewn prifysgolion", ("prifysgol", "brifysgol", "phrifysgolion"), ("prifddinas",)),
        ("Llyfrau i blant", ("llyfr", "lyfrau", "plant", "phlant"), ("llyfn",)),
        ("Rhaglenni teledu", ("rhaglen", "raglen", "raglenni"), ("rhagor",)),
        ("Menywod a merched", ("menyw", "fenywod", "ferched"), ("mynydd",)),
        ("Mae’n bwysig i’r tŷ", ("pwysig", "ty", "TŶ", "mae'n"), ("pwyso",)),
        ("Eu harian a’i hiechyd", ("arian", "iechyd"), ("araith",)),
    ),
    "ar": (
        ("المستشفى الجديد", ("مستشفى", "مستشفي", "مستشفيات", "مُسْتَشْفَى", "والمستشفى", "بالمستشفى"), ("مستقبل",)),
        ("دراسات سريرية", ("دراسة", "الدراسة", "الدراسات", "للدراسات"), ("مدرسة",)),
        ("الصحة والرعاية", ("صحة", "صحه", "الرعاية", "رعاية", "الرعـــاية", "ﺍﻟﺼﺤﺔ"), ("صحيفة",)),
        ("أطفال وإدارة", ("اطفال", "الأطفال", "للأطفال", "ادارة", "الإدارة"), ("طفيلي",)),
        ("الوزارة والوزير", ("وزارة", "وزير", "الوزير"), ("ميزان",)),
        ("الباحثون العرب", ("باحث", "باحثين", "الباحثين", "عرب"), ("بحر",)),
        ("طب القلب", ("قلب", "الطب"), ("طلب", "قلم")),
        ("كتاب سنة ٢٠٢٦", ("2026", "٢٠٢٦", "کتاب", "الكتاب"), ("كاتب", "2025")),
    ),
    "ja": (
        ("東京都の病院で臨床試験", ("臨床試験", "病院", "東京都", "“東京都の病院”"), ("京都市", "験試", "病試")),
        ("ﾃﾞｰﾀの保護", ("データ", "保護", "データの保護"), ("テータ",)),
        ("COVID-19の検査", ("検査", "covid", "ＣＯＶＩＤ"), ("査検",)),
    ),
    "zh-hans": (("中华人民共和国卫生部", ("人民共和国", "卫生", "卫生部"), ("民人", "生卫")),),
    "tr": (
        ("İstanbul’da ışık", ("istanbul", "ISTANBUL", "İSTANBUL", "isik", "IŞIK", "ışık"), ("aşık",)),
        ("Iğdır kitapları", ("ığdır", "igdir", "Iğdır", "kitap"), ("katip",)),
    ),
    "ru": (
        ("Новые больницы", ("новый", "больница", "БОЛЬНИЦ"), ("больно",)),
        ("Учёный совет", ("ученый", "учёные"), ("учить",)),
    ),
    "el": (("Ο λόγος", ("ΛΟΓΟΣ", "λογος", "λόγος"), ("λίγος",)),),
}  # fmt: skip


@pytest.fixture
def edition(request, settings, site):
    """The front page of a language, which the site need not have been made with."""
    language = request.param
    if language in site.homes:
        return site.homes[language]
    settings.LANGUAGES = [*settings.LANGUAGES, (language, language)]
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES
    home = HomePage(
        title=language,
        slug=f"home-{language}",
        summary="s",
        locale=Locale.objects.create(language_code=language),
        translation_key=site.home.translation_key,
    )
    site.home.get_parent().add_child(instance=home)
    generation.forget()
    return home


def found(typed, language, needs_all=False):
    question = results.Question(typed=query.clean(typed), language=language, needs_all=needs_all)
    answer = results.find(question, per_page=100)
    return {row["url"] for row in answer.rows} if answer else set()


@pytest.mark.parametrize(("edition", "cases"), CASES.items(), ids=CASES, indirect=["edition"])
def test_what_finds_what(edition, cases):
    language = edition.locale.language_code
    wrong = []
    for number, (title, finds, finds_not) in enumerate(cases):
        page = StandardPage(title=title, slug=f"case-{number}", summary=".", locale=edition.locale)
        address = edition.add_child(instance=page).get_url()
        wrong += [f"{typed} does not find {title}" for typed in finds if address not in found(typed, language)]
        wrong += [
            f"{typed} does not find {title} where all words must occur"
            for typed in finds
            if address not in found(typed, language, needs_all=True)
        ]
        wrong += [f"{typed} finds {title}" for typed in finds_not if address in found(typed, language)]
        edition.refresh_from_db()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("typed", ["تج", "التج", "تجارب سري", "سريرية", "شب"])
def test_an_arabic_word_is_suggested_without_its_article_too(site, typed):
    topic = Topic.objects.create(name="شبكات التجارب السريرية", slug="a", locale=site.homes["ar"].locale)
    make_article(site, "شبكة التجارب السريرية", language="ar", topics=[topic])
    offered = [one["label"] for one in suggestions.suggest(typed, "ar")]
    assert offered == ["شبكات التجارب السريرية", "شبكة التجارب السريرية"]
