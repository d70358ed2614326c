"""The bot in the languages of its interface."""

from bot.i18n import INTERFACE_LANGUAGES, translator
from tests.fakes.reader import Reader


async def languages_of(reader: Reader) -> tuple[str, tuple[str, ...]]:
    subscriber = await reader.running.services.storage.subscribers.get(reader.chat_id)
    assert subscriber is not None
    return subscriber.language, subscriber.languages


async def test_who_speaks_a_language_without_feeds_reads_news_in_another(reader: Reader) -> None:
    reader.world.change_person(reader.user_id, language_code="ja")
    answers = await reader.say("/start")
    assert await languages_of(reader) == ("ja", ("en",))
    assert translator("ja").gettext("✅ You're caught up.") in answers[-1].text


async def test_news_comes_in_the_language_of_the_client_where_there_are_feeds(reader: Reader) -> None:
    reader.world.change_person(reader.user_id, language_code="de-AT")
    await reader.say("/start")
    assert await languages_of(reader) == ("de", ("de",))


async def test_a_language_is_chosen_by_its_name(reader: Reader) -> None:
    await reader.say("/start")
    answer = await reader.ask("/language Türkçe")
    assert await languages_of(reader) == ("tr", ("en",))
    assert translator("tr").gettext("Language") in answer.text
    await reader.ask("/language no such language")
    assert (await languages_of(reader))[0] == "tr"


async def test_the_pages_that_one_meets_first_are_written_in_every_language(reader: Reader) -> None:
    for place, language in enumerate(INTERFACE_LANGUAGES):
        for half, words in enumerate(
            (("/start", "/settings", "/search zzzz"), ("/topics", "/time", "/help", "/saved"))
        ):
            person = 2000 + 2 * place + half  # nobody is written to more often than needs no waiting
            reader.world.add_person(person, language_code=language)
            somebody = reader.elsewhere(chat_id=person, user_id=person)
            for command in words:
                answers = await somebody.say(command)
                assert answers
                assert not any("{" in answer.text for answer in answers)
            assert (await languages_of(somebody))[0] == language
