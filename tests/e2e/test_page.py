"""The chat page in headless Chromium: how it begins, what messages look like, buttons, changes in place."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.browser import BROWSER, ChatPage
from tests.fakes.chat_server import BOT, GROUP, ChatServer, entity, keyboard

pytestmark = BROWSER
LOREM = "The first trucks crossed at dawn and the queue that had shaped the city for two years was gone by nine. " * 8


# Beginning


def test_an_empty_chat_says_what_the_bot_does_and_begins_with_start(page: ChatPage, server: ChatServer) -> None:
    page.open()
    assert "Quoted, never made up." in page.see("description").text
    assert not page.see("start").find_elements("xpath", "//textarea[@id='composer'][not(ancestor::*[@hidden])]")
    page.click("start")
    assert server.posted("send") == {"chat_id": 1001, "text": "/start"}
    assert page.see("message").get_attribute("data-from") == "me"
    page.gone("description")
    assert page.see("composer")


def test_as_long_as_the_bot_has_not_said_what_it_does_nothing_is_said_of_it(page: ChatPage, server: ChatServer) -> None:
    about, server.about = server.about, {"name": "", "description": "", "short_description": ""}
    page.open()
    assert page.see("start")
    page.gone("description")
    server.push("about", about=about)
    assert "Quoted, never made up." in page.see("description").text


def test_a_deep_link_is_passed_on_to_start(page: ChatPage, server: ChatServer) -> None:
    page.open("start=topic_7")
    page.click("start")
    assert server.posted("send")["text"] == "/start topic_7"


# Text


def test_entities_become_elements_by_their_utf16_offsets(page: ChatPage, server: ChatServer) -> None:
    text = "🗞 Digest for 👩‍👩‍👧 you: bold italic code link"
    entities = [
        entity(text, "Digest", "underline"),
        entity(text, "bold italic", "bold"),
        entity(text, "italic", "italic"),
        entity(text, "code", "code"),
        entity(text, "link", "text_link", url="https://news.example/a?b=c"),
    ]
    page.open()
    shown = server.say(text, entities=entities)
    assert page.text_of(shown) == text
    assert [node.text for node in page.within(shown, "u, strong, strong em, code")] == [
        "Digest",
        "bold italic",
        "italic",
        "code",
    ]
    (link,) = page.within(shown, "a.link")
    assert link.get_attribute("href") == "https://news.example/a?b=c"
    assert link.get_attribute("target") == "_blank"
    assert "noopener" in str(link.get_attribute("rel"))


def test_hostile_text_and_links_stay_text(page: ChatPage, server: ChatServer) -> None:
    text = "<img src=x onerror=document.title='owned'> <b>no</b> here data"
    links = [
        entity(text, "here", "text_link", url="javascript:document.title='owned'"),
        entity(text, "data", "text_link", url="data:text/html,<script>1</script>"),
    ]
    buttons = keyboard([{"text": "<i>x</i>", "url": "javascript:alert(1)"}])
    page.open()
    shown = server.say(text, entities=links, reply_markup=buttons)
    assert page.text_of(shown) == text
    assert page.within(shown, "img, b, i, a") == []
    assert page.within(shown, "[data-testid=button]")[0].text == "<i>x</i>"
    assert page.driver.title == "Baztab"


KINDS = [
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "text_link",
    "blockquote",
    "expandable_blockquote",
    "pre",
]
SPAN = st.fixed_dictionaries(
    {
        "type": st.sampled_from(KINDS),
        "offset": st.integers(-2, 30),
        "length": st.integers(-1, 20),
        "url": st.just("https://a.example/"),
    }
)


@pytest.fixture(scope="module")
def renderer(driver: Any) -> Iterator[Any]:
    """The page's own renderer: text and entities → the text that is shown and the newlines that blocks took over."""
    with ChatServer() as chat:
        page = ChatPage(driver, chat.url).open()
        script = """
          const done = arguments[arguments.length - 1];
          import("/static/entities.js").then(({ renderText }) => {
            const box = document.createElement("div");
            box.append(renderText(arguments[0], arguments[1]));
            for (const bar of box.querySelectorAll(".pre-bar, .chevron")) bar.remove();
            done([box.textContent, box.querySelectorAll("blockquote blockquote, pre pre").length]);
          }, (error) => done(["error", String(error)]));
        """
        yield lambda text, entities: page.driver.execute_async_script(script, text, entities)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="ab \nسا😀é", max_size=30), spans=st.lists(SPAN, max_size=6))
def test_no_entities_however_they_lie_lose_or_double_text(
    renderer: Any, text: str, spans: list[dict[str, Any]]
) -> None:
    shown, _ = renderer(text, spans)
    assert shown.replace("\n", "") == text.replace("\n", "")
    assert text.count("\n") - shown.count("\n") <= len(spans)


def test_a_spoiler_hides_its_text_until_it_is_clicked(page: ChatPage, server: ChatServer) -> None:
    text = "The winner is Nora."
    page.open()
    shown = server.say(text, entities=[entity(text, "Nora", "spoiler"), entity(text, "Nora", "bold")])
    (spoiler,) = page.within(shown, "[data-testid=spoiler]")
    hidden = page.within(shown, ".spoiler-text")[0]
    assert hidden.value_of_css_property("opacity") == "0"
    assert spoiler.get_attribute("role") == "button"
    spoiler.click()
    page.until(lambda: hidden.value_of_css_property("opacity") == "1")
    assert spoiler.get_attribute("role") is None


def test_a_long_quote_opens_and_closes_and_a_short_one_has_no_chevron(page: ChatPage, server: ChatServer) -> None:
    page.open()
    shown = server.say(LOREM, entities=[entity(LOREM, LOREM, "expandable_blockquote")])
    (body,) = page.within(shown, ".quote-body")
    (chevron,) = page.within(shown, "[data-testid=expand]")
    line = float(page.js("return parseFloat(getComputedStyle(arguments[0]).lineHeight)", body))
    assert body.size["height"] <= 3 * line + 2
    chevron.click()
    page.until(lambda: body.size["height"] > 4 * line)
    assert chevron.get_attribute("aria-expanded") == "true"
    chevron.click()
    page.until(lambda: body.size["height"] <= 3 * line + 2)
    short = server.say("Two words", entities=[entity("Two words", "Two words", "expandable_blockquote")])
    page.until(lambda: not page.within(short, "[data-testid=expand]")[0].is_displayed())


def test_code_has_its_language_and_a_moment_the_readers_zone(page: ChatPage, server: ChatServer) -> None:
    text = "print(1)\nat noon"
    entities = [
        entity(text, "print(1)", "pre", language="python"),
        entity(text, "at noon", "date_time", unix_time=1_790_000_000, date_time_format="Dt"),
    ]
    page.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Kathmandu"})
    page.open()
    shown = server.say(text, entities=entities)
    assert page.within(shown, ".pre-bar")[0].text == "python"
    assert page.within(shown, "[data-testid=moment]")[0].text == "September 21, 2026 at 19:58"
    page.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})


def test_a_command_in_a_text_is_sent_when_clicked_and_named_in_a_group(page: ChatPage, server: ChatServer) -> None:
    text = "Try /topics"
    page.open()
    server.say(text, entities=[entity(text, "/topics", "bot_command")])
    page.click("bot-command")
    assert server.posted("send") == {"chat_id": 1001, "text": "/topics"}
    server.say(text, chat=GROUP, entities=[entity(text, "/topics", "bot_command")])
    page.until(lambda: page.all("chat")[1])
    next(chat for chat in page.all("chat") if chat.get_attribute("data-chat-id") == "-1001").click()
    page.click("bot-command")
    assert server.posted("send") == {"chat_id": -1001, "text": "/topics@BaztabBot"}


@pytest.mark.parametrize(
    ("text", "way"), [("خبر Reuters تازه", "rtl"), ("News از تهران", "ltr"), ("۱. 🗞 خبر", "rtl"), ("12:30 🗞", "ltr")]
)
def test_a_text_runs_the_way_of_its_first_strong_letter(
    page: ChatPage, server: ChatServer, text: str, way: str
) -> None:
    page.open()
    shown = server.say(text)
    assert page.within(shown, ".text")[0].value_of_css_property("direction") == way


# Buttons


def test_a_pressed_button_waits_for_its_answer_which_is_a_toast(page: ChatPage, server: ChatServer) -> None:
    page.open()
    shown = server.say(
        "Story",
        reply_markup=keyboard([{"text": "Save", "callback_data": "s:1"}, {"text": "More", "callback_data": "m"}]),
    )
    page.message(shown)
    button = page.all("button")[0]
    assert button.get_attribute("data-callback") == "s:1"
    button.click()
    assert server.posted("press") == {"chat_id": 1001, "message_id": shown, "data": "s:1"}
    assert button.get_attribute("aria-busy") == "true"
    server.push("callback_answer", callback_query_id="q1", text="Saved", show_alert=False)
    assert page.see("toast").text == "Saved"
    assert button.get_attribute("aria-busy") is None


def test_an_answer_that_comes_before_the_press_returns_is_not_missed(page: ChatPage, server: ChatServer) -> None:
    server.answers_at_once = {"text": "Quick", "show_alert": True}
    page.open()
    server.say("Story", reply_markup=keyboard([{"text": "Why?", "callback_data": "w"}]))
    page.click("button")
    assert "Quick" in page.see("alert").text
    page.click("ok")
    page.gone("alert")
    page.until(lambda: page.all("button")[0].get_attribute("aria-busy") is None)


def test_url_copy_and_switch_buttons(page: ChatPage, server: ChatServer) -> None:
    rows = keyboard(
        [{"text": "Open original", "url": "https://news.example/a"}],
        [
            {"text": "Copy", "copy_text": {"text": "https://news.example/a"}},
            {"text": "Here", "switch_inline_query_current_chat": "bridge"},
        ],
        [{"text": "Elsewhere", "switch_inline_query": "harbour"}],
    )
    page.open()
    server.say("Story", reply_markup=rows)
    page.see("button")
    url, copy, here, elsewhere = page.all("button")
    assert url.get_attribute("href") == "https://news.example/a"
    assert url.get_attribute("target") == "_blank"
    assert copy.get_attribute("data-copy") == "https://news.example/a"
    here.click()
    assert page.see("composer").get_attribute("value") == "@BaztabBot bridge"
    elsewhere.click()
    page.see("choose-chat").find_element("css selector", "[data-chat-id='1001']").click()
    page.until(lambda: page.see("composer").get_attribute("value") == "@BaztabBot harbour")


def test_a_link_to_the_bot_itself_starts_it_in_the_page(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Story", reply_markup=keyboard([{"text": "Set up", "url": "https://t.me/BaztabBot?start=inline"}]))
    page.click("button")
    assert server.posted("send") == {"chat_id": 1001, "text": "/start inline"}


# Changes


def test_an_edit_changes_the_message_in_place_and_keeps_the_focus(page: ChatPage, server: ChatServer) -> None:
    page.open()
    buttons = keyboard([{"text": "1", "callback_data": "1"}, {"text": "2", "callback_data": "2"}])
    shown = server.say("Page one", reply_markup=buttons)
    page.message(shown)
    page.js("arguments[0].dataset.mark = 'same'; arguments[1].focus()", page.message(shown), page.all("button")[1])
    server.edit(shown, text="Page two", edit_date=1_790_000_500)
    page.until(lambda: page.text_of(shown) == "Page two")
    assert page.message(shown).get_attribute("data-mark") == "same"
    assert page.driver.switch_to.active_element.get_attribute("data-callback") == "2"
    assert page.see("edited").text == "edited"


def test_new_buttons_alone_do_not_mark_a_message_as_edited(page: ChatPage, server: ChatServer) -> None:
    page.open()
    shown = server.say("Same words", reply_markup=keyboard([{"text": "🔖", "callback_data": "s"}]))
    page.message(shown)
    server.edit(shown, reply_markup=keyboard([{"text": "✅", "callback_data": "s"}]), edit_date=1_790_000_500)
    page.until(lambda: page.all("button")[0].text == "✅")
    assert page.all("edited") == []


def test_deleted_messages_vanish(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("stays")
    shown = server.say("goes")
    page.message(shown)
    server.push("deleted", chat_id=1001, message_ids=[shown])
    page.until(lambda: len(page.all("message")) == 1)


def test_reactions_are_shown_set_and_taken_back(page: ChatPage, server: ChatServer) -> None:
    page.open()
    shown = server.say("Story")
    page.js("arguments[0].click()", page.message(shown).find_element("css selector", "[data-testid=message-actions]"))
    page.click("react")
    assert server.posted("react") == {"chat_id": 1001, "message_id": shown, "emoji": "🤔"}
    server.push(
        "reaction", chat_id=1001, message_id=shown, reactions=[{"type": "emoji", "emoji": "🤔", "user_id": 1001}]
    )
    page.click("reaction")
    assert server.posted("react") == {"chat_id": 1001, "message_id": shown, "emoji": ""}
    server.push("reaction", chat_id=1001, message_id=shown, reactions=[])
    page.gone("reaction")


def test_the_bots_reaction_is_not_the_persons(page: ChatPage, server: ChatServer) -> None:
    page.open()
    shown = server.say("Story")
    both = [{"type": "emoji", "emoji": "👍", "user_id": user} for user in (BOT["id"], 1001)]
    server.push("reaction", chat_id=1001, message_id=shown, reactions=both[:1])
    assert page.see("reaction").get_attribute("aria-pressed") == "false"
    page.click("reaction")
    assert server.posted("react") == {"chat_id": 1001, "message_id": shown, "emoji": "👍"}
    server.push("reaction", chat_id=1001, message_id=shown, reactions=both)
    page.until(lambda: page.see("reaction").text == "👍\n2")
    assert page.see("reaction").get_attribute("aria-pressed") == "true"


def test_the_bar_of_pinned_messages_leads_to_them_newest_first(page: ChatPage, server: ChatServer) -> None:
    page.open()
    first, second = server.say("The first rule"), server.say("The second rule")
    for number in range(40):
        server.say(f"Filler {number}")
    page.message(second + 40)
    assert page.all("pinned")[0].is_displayed() is False
    server.pin(first, second)
    assert page.see("pinned").text == "Pinned message\nThe second rule"
    page.click("pinned")
    page.until(lambda: "lit" in str(page.message(second).get_attribute("class")))
    assert "The first rule" in page.see("pinned").text
    page.click("pinned")
    page.until(lambda: "lit" in str(page.message(first).get_attribute("class")))
    server.push("deleted", chat_id=1001, message_ids=[first])
    page.until(lambda: "The second rule" in page.see("pinned").text)
    server.pin()
    page.gone("pinned")


def test_silent_messages_have_a_bell_and_replies_a_quote_that_leads_there(page: ChatPage, server: ChatServer) -> None:
    page.open()
    first = server.say("The beginning of the story", silent=True)
    page.message(first)
    assert page.see("silent").get_attribute("aria-label") == "Sent without sound"
    answered = {
        "message_id": first,
        "date": 1,
        "chat": {"id": 1001, "type": "private"},
        "from": BOT,
        "text": "The beginning of the story",
    }
    server.say("🔁 It grew", reply_to_message=answered)
    assert "The beginning" in page.see("reply-quote").text
    page.click("reply-quote")
    page.until(lambda: "lit" in str(page.message(first).get_attribute("class")))


def test_a_short_message_is_wide_enough_for_its_buttons(page: ChatPage, server: ChatServer) -> None:
    page.open(width=390, height=844)
    row = [{"text": text, "callback_data": text} for text in ("3", "5", "✅ 7", "10", "12")]
    shown = server.say("How many?", reply_markup=keyboard(row))
    labels = page.within(shown, ".key-text")
    assert page.js("return arguments[0].every((label) => label.scrollWidth <= label.clientWidth)", labels)
    widths = [key.rect["width"] for key in page.within(shown, ".key")]
    assert max(widths) - min(widths) < 1


def test_long_labels_do_not_make_the_keyboard_wider_than_the_bubble(page: ChatPage, server: ChatServer) -> None:
    page.open(width=390, height=844)
    row = [{"text": "A label that is far too long for half of a narrow window", "callback_data": name} for name in "ab"]
    shown = server.say("Topics", reply_markup=keyboard(row))
    bubble, keys = page.within(shown, ".bubble, .keys")
    assert keys.rect["width"] == pytest.approx(bubble.rect["width"], abs=1)
    assert keys.rect["x"] + keys.rect["width"] < 390
