"""The models of the newsroom, one file an idea."""

from news.models.article import ArticlePage
from news.models.assignments import ArticleAuthor, ArticleTopic
from news.models.index import NewsIndexPage
from news.models.listing import ArticleListing, ListingTerm
from news.models.terms import ArticleKind, Author, Topic

__all__ = [
    "ArticleAuthor",
    "ArticleKind",
    "ArticleListing",
    "ArticlePage",
    "ArticleTopic",
    "Author",
    "ListingTerm",
    "NewsIndexPage",
    "Topic",
]
