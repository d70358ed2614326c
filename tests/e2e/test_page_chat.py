"""The chat page in headless Chromium: previews and files, the field, chats and settings, long chats, broken lines."""

import json
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.fakes.browser import BROWSER, ChatPage
from tests.fakes.chat_server import BOT, GROUP, SARA, ChatServer, entity

pytestmark = BROWSER
WATCH = """
  window.touched = 0;
  const count = (all) => { for (const one of all) window.touched += one.addedNodes.length + one.removedNodes.length; };
  new MutationObserver(count).observe(document.getElementById("messages"), { childList: true, subtree: true });
"""


# Previews and files


def test_previews_follow_the_options_of_the_message(page: ChatPage, server: ChatServer) -> None:
    url = "http://127.0.0.1:9/story"
    server.previews[url] = {
        "url": url,
        "title": "Bridge",
        "description": "Open",
        "site_name": "Coastal Post",
        "image": "/playground/file?path=p",
    }
    link = [entity("Read this", "this", "text_link", url=url)]
    page.open()
    small = server.say("Read this", entities=link, link_preview_options={"url": url, "prefer_small_media": True})
    above = server.say(
        "Read this", entities=link, link_preview_options={"prefer_large_media": True, "show_above_text": True}
    )
    none = server.say("Read this", entities=link, link_preview_options={"is_disabled": True})
    page.until(lambda: len(page.all("preview")) == 2)
    (card,) = page.within(small, ".text + [data-testid=preview].small")
    page.until(lambda: "Coastal Post\nBridge\nOpen" in card.text)
    assert card.get_attribute("href") == url
    assert len(page.within(above, "[data-testid=preview].large + .text")) == 1
    assert page.within(none, "[data-testid=preview]") == []


def test_photos_and_documents(page: ChatPage, server: ChatServer) -> None:
    page.open()
    photo = server.say(None, photo=[{"file_id": "p1", "width": 640, "height": 360}], caption="The harbour")
    server.say(None, document={"file_id": "d1", "file_name": "feeds.opml", "file_size": 48213})
    (image,) = page.within(photo, "img")
    assert str(image.get_attribute("src")).endswith("/playground/file?id=p1")
    page.until(lambda: page.js("return arguments[0].naturalWidth", image) == 640)
    assert page.see("document").text.split("\n")[-2:] == ["feeds.opml", "48.2 KB"]
    page.js("arguments[0].click()", page.see("photo"))
    page.see("viewer").click()
    page.gone("viewer")


def test_a_file_and_a_place_are_sent(page: ChatPage, server: ChatServer, tmp_path: Any) -> None:
    opml = tmp_path / "mine.opml"
    opml.write_text("<opml/>")
    page.open()
    server.say("Send me your feeds")
    page.see("message")
    page.all("file-input")[0].send_keys(str(opml))
    assert server.posted("file") == {"chat_id": 1001, "name": "mine.opml", "bytes": b"<opml/>"}
    page.click("attach")
    page.click("attach-location")
    page.until(lambda: [place for place in page.all("place") if place.text == "Kathmandu"])[0].click()
    page.click("ok")
    assert server.posted("location") == {"chat_id": 1001, "latitude": 27.7172, "longitude": 85.324}


def test_an_impossible_place_is_not_sent(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Where are you?")
    page.click("attach")
    page.click("attach-location")
    page.see("latitude").clear()
    page.see("latitude").send_keys("91")
    page.click("ok")
    assert "−90" in page.until(lambda: page.all("toast")[0]).get_attribute("textContent")
    assert page.see("location-dialog")
    assert server.posts.empty()


# The field


def test_enter_sends_and_shift_enter_makes_a_line(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    page.type("one", Keys.SHIFT + Keys.ENTER, Keys.NULL, "two")
    page.type(Keys.ENTER)
    assert server.posted("send")["text"] == "one\ntwo"
    assert page.see("composer").get_attribute("value") == ""


def test_what_could_not_be_sent_is_back_in_the_field(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    server.refusals["send"] = "message is too long"
    page.type("keep me", Keys.ENTER)
    assert "message is too long" in page.see("refused-toast").text
    page.until(lambda: page.see("composer").get_attribute("value") == "keep me")


def test_the_menu_and_the_slash_bring_up_commands(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    page.click("menu")
    page.until(lambda: len(page.all("command")) == 3)
    assert "The newest stories" in page.all("command")[1].text
    page.all("command")[1].click()
    assert server.posted("send")["text"] == "/latest"
    page.gone("command")
    page.type("/he")
    assert [item.get_attribute("data-command") for item in page.until(lambda: page.all("command"))] == ["help"]
    page.type(Keys.TAB)
    page.until(lambda: page.see("composer").get_attribute("value") == "/help ")
    page.gone("command")
    page.type(Keys.BACKSPACE * 6, "/s", Keys.ENTER)
    assert server.posted("send")["text"] == "/start"


def test_an_unknown_command_goes_out_as_it_was_typed(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    page.type("/zzz", Keys.ENTER)
    assert server.posted("send")["text"] == "/zzz"


def test_the_menu_follows_the_bot(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    server.push("commands", commands=[{"command": "time", "description": "When the digest comes"}])
    page.click("menu")
    assert page.see("command").get_attribute("data-command") == "time"


def test_a_reply_keyboard_sends_its_labels_and_goes_when_it_is_for_once(page: ChatPage, server: ChatServer) -> None:
    keys = {
        "keyboard": [[{"text": "07:00"}, {"text": "08:00"}]],
        "one_time_keyboard": True,
        "input_field_placeholder": "e.g. 08:00",
    }
    page.open()
    server.say("When?", reply_markup=keys)
    page.see("reply-keyboard")
    assert page.see("composer").get_attribute("placeholder") == "e.g. 08:00"
    page.all("reply-button")[1].click()
    assert server.posted("send")["text"] == "08:00"
    page.gone("reply-keyboard")
    page.click("keyboard-button")
    page.see("reply-keyboard")
    server.say("Done", reply_markup={"remove_keyboard": True})
    page.gone("reply-keyboard")


def test_a_forced_reply_answers_the_message(page: ChatPage, server: ChatServer) -> None:
    page.open()
    asked = server.say("Which words?", reply_markup={"force_reply": True, "input_field_placeholder": "words"})
    assert "Which words?" in page.see("reply-bar").text
    page.type("peace talks", Keys.ENTER)
    assert server.posted("send") == {"chat_id": 1001, "text": "peace talks", "reply_to": asked}
    page.gone("reply-bar")


def test_inline_mode_asks_shows_and_posts_what_is_chosen(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    page.type("@BaztabBot bridge")
    assert server.posted("inline") == {"query": "bridge", "offset": ""}
    results = [{"type": "article", "id": "a1", "title": "Bridge reopens", "description": "At dawn"}]
    server.push("inline", inline_query_id="i1", results=results, next_offset="", button=None)
    assert page.see("inline-result").text.split("\n")[-2:] == ["Bridge reopens", "At dawn"]
    page.click("inline-result")
    assert server.posted("choose") == {"inline_query_id": "i1", "result_id": "a1", "chat_id": 1001}
    assert page.see("composer").get_attribute("value") == ""
    page.gone("inline")


# Chats, settings


def test_blocking_and_restarting_the_bot(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    page.click("settings")
    page.click("block")
    assert server.posted("block") == {"blocked": True}
    page.click("restart")
    assert server.posted("block") == {"blocked": False}
    assert server.posted("send")["text"] == "/start"
    assert page.see("composer")


def test_unread_messages_are_counted_in_the_list_and_below(page: ChatPage, server: ChatServer) -> None:
    page.open()
    for number in range(40):
        server.say(f"Line {number}")
    page.until(lambda: len(page.all("message")) == 40)
    server.say("Elsewhere", chat=GROUP)
    assert page.see("unread").text == "1"
    page.js("document.getElementById('scroll').scrollTop = 0")
    page.until(lambda: "shown" in str(page.all("to-end")[0].get_attribute("class")))
    server.say("Below")
    assert page.see("below").text == "1"
    page.click("to-end")
    page.gone("below")
    page.until(page.at_end)


def test_a_group_is_made_and_opened(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.answers["chats"] = {"chat": {"chat": GROUP, "messages": []}}
    page.click("settings")
    page.click("new-group")
    page.see("chat-title").send_keys("Readers")
    page.click("ok")
    assert server.posted("chats") == {"type": "group", "title": "Readers"}
    hello = server.message("I can bring this chat a digest.", chat=GROUP)
    server.push("chat", chat={"chat": GROUP, "messages": [hello], "member": True, "blocked": False, "unread": 1})
    page.until(lambda: page.see("peer").text == "Readers")
    assert "Unread" not in page.see("message").find_element("xpath", "..").text
    server.say("Hello from Leo", chat=GROUP, sender={"id": 1002, "is_bot": False, "first_name": "Leo"})
    assert "Leo" in page.see("message").text


def test_a_narrow_window_shows_the_list_or_the_chat(page: ChatPage, server: ChatServer) -> None:
    page.open(width=390, height=844)
    assert page.see("peer").text == "Baztab"
    assert not page.all("chat")[0].is_displayed()
    page.click("back")
    page.click("chat")
    assert page.see("peer")
    assert not page.all("chat")[0].is_displayed()


def test_in_persian_the_page_is_mirrored_but_bubbles_keep_their_sides(page: ChatPage, server: ChatServer) -> None:
    page.open("lang=fa&theme=light")
    assert server.posted("user") == {"language_code": "fa"}
    page.until(lambda: page.js("return document.documentElement.dir") == "rtl")
    assert page.see("start").text == "شروع"
    theirs, mine = server.say("سلام"), server.say("درود", sender=SARA)
    page.message(mine)
    left = [page.within(message, ".bubble")[0].rect["x"] for message in (theirs, mine)]
    assert left[0] < left[1]
    sidebar, header = page.all("chat")[0].rect["x"], page.see("peer").rect["x"]
    assert sidebar > header


def test_names_run_their_own_way_in_the_words_of_a_right_to_left_page(page: ChatPage, server: ChatServer) -> None:
    page.open("lang=fa")
    server.say(None, chat=GROUP, new_chat_members=[BOT])
    joined = server.say("خبرهای امروز", chat=GROUP)
    page.until(lambda: len(page.all("chat")) == 2)
    line = next(chat for chat in page.all("chat") if chat.get_attribute("data-chat-id") == "-1001")
    sender, words = line.find_elements("css selector", ".chat-sender, .chat-summary")
    assert sender.rect["x"] > words.rect["x"]
    line.click()
    page.message(joined)
    pill = page.see("service").find_element("css selector", ".pill")
    assert pill.text == "\u2068Baztab\u2069 به گروه پیوست"
    script = """
      const range = document.createRange();
      const left = (from, to) => {
        range.setStart(arguments[0].firstChild, from);
        range.setEnd(arguments[0].firstChild, to);
        return range.getBoundingClientRect().left;
      };
      return left(1, 7) > left(9, 11);
    """
    assert page.js(script, pill), "the name stands to the right of what follows it"


@pytest.mark.parametrize(
    ("language", "way", "start"),
    [("ar", "rtl", "ابدأ"), ("de-at", "ltr", "STARTEN"), ("tr", "ltr", "BAŞLAT"), ("ps", "rtl", "START")],
)
def test_the_page_speaks_the_persons_language_or_else_english_in_its_direction(
    page: ChatPage, server: ChatServer, language: str, way: str, start: str
) -> None:
    page.open(f"lang={language}")
    page.until(lambda: page.js("return document.documentElement.lang") == language)
    assert page.js("return document.documentElement.dir") == way
    assert page.see("start").text == start


def test_with_the_language_the_bots_name_and_description_change(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.about |= {"name": "بازتاب", "description": "خلاصهٔ خبرها"}
    page.click("settings")
    Select(page.see("language")).select_by_value("fa")
    page.until(lambda: page.see("peer").text == "بازتاب")
    assert "خلاصهٔ خبرها" in page.see("description").text


def test_the_theme_of_the_address_is_kept_and_can_be_changed(page: ChatPage, server: ChatServer) -> None:
    page.open("theme=dark")
    dark = page.js("return getComputedStyle(document.querySelector('.sidebar')).backgroundColor")
    page.click("settings")
    page.click("option-light")
    assert page.js("return getComputedStyle(document.querySelector('.sidebar')).backgroundColor") != dark
    page.open("")
    assert page.js("return document.documentElement.dataset.theme") == "light"


def test_the_phone_preset_makes_a_phone_of_the_window(page: ChatPage, server: ChatServer) -> None:
    page.open(height=1000)
    page.click("settings")
    page.click("option-phone")
    size = page.js("const b = document.getElementById('app').getBoundingClientRect(); return [b.width, b.height]")
    page.click("option-wide")
    assert size == [390, 844]


def test_refused_calls_are_told_and_listed(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.push(
        "refused", method="sendMessage", description="Bad Request: can't parse entities", params={"text": "<b>x</i>"}
    )
    assert "can't parse entities" in page.see("refused-toast").text
    page.click("settings")
    page.click("open-refused")
    assert "sendMessage" in page.see("refused").text


# Long chats, broken lines


def test_messages_are_added_without_drawing_the_others_anew(page: ChatPage, server: ChatServer) -> None:
    server.chats[1001]["messages"] = [server.message(f"Message {number}") for number in range(500)]
    page.open()
    last = server.chats[1001]["messages"][-1]["message_id"]
    assert page.message(last).is_displayed()
    assert page.at_end()
    page.js(WATCH)
    page.message(server.say("One more"))
    assert page.js("return window.touched") == 1
    before = len(page.all("message"))
    page.js("document.getElementById('scroll').scrollTop = 0")
    page.until(lambda: len(page.all("message")) > before)


def test_a_message_taller_than_the_window_is_shown_from_its_beginning(page: ChatPage, server: ChatServer) -> None:
    page.open()
    for number in range(30):
        server.say(f"Message {number}")
    page.until(lambda: len(page.all("message")) == 30)
    page.until(page.at_end)
    tall = page.message(server.say("A line of the digest\n" * 80))
    top = page.js("return document.getElementById('scroll').getBoundingClientRect().top")
    page.until(lambda: 0 <= tall.rect["y"] - top - page.js("return window.scrollY") < 20)
    assert page.see("to-end")
    page.type("/latest", Keys.ENTER)
    page.until(page.at_end)


def test_after_a_restart_of_the_server_the_page_begins_anew(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Before")
    page.see("message")
    server.restart()
    page.until(lambda: page.all("message") == [])
    assert page.see("start")
    page.message(server.say("After"))


def test_when_too_much_was_missed_the_state_is_read_again(page: ChatPage, server: ChatServer) -> None:
    page.open()
    for number in range(40):
        server.say(f"Message {number}")
    hello = server.say("Hello from Leo", chat=GROUP)
    page.until(lambda: len(page.all("message")) == 40)
    page.js("document.getElementById('scroll').scrollTop = 0")
    page.until(lambda: page.see("to-end"))
    missed = [server.message(f"Missed {number}") for number in range(2)]
    elsewhere = server.message("Missed in the group", chat=GROUP)
    server.quietly(lambda: server.chats[1001]["messages"].extend(missed))
    server.quietly(lambda: server.chats[-1001]["messages"].append(elsewhere))
    server.forget_events()
    page.message(missed[1]["message_id"])
    assert len(page.all("message")) == 42
    assert page.see("below").text == "2"
    assert page.see("unread").text == "2"
    assert page.message(server.say("And on it goes")).text
    assert page.see("below").text == "3"
    assert hello < elsewhere["message_id"]


def test_another_server_in_its_place_has_other_messages_under_the_same_ids(page: ChatPage, server: ChatServer) -> None:
    page.open()
    first = server.say("Of the first world", chat=GROUP)
    page.until(lambda: len(page.all("chat")) == 2)
    next(chat for chat in page.all("chat") if chat.get_attribute("data-chat-id") == "-1001").click()
    page.message(first)
    server.restart(said=["Of the second world"] * 5)
    page.until(lambda: len(page.all("chat")) == 1)
    assert page.see("peer").text == "Baztab"
    assert [message.text.split("\n")[0] for message in page.all("message")] == ["Of the second world"] * 5


def test_the_page_loads_nothing_from_elsewhere(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say(
        "Hello https://news.example/", entities=[entity("Hello https://news.example/", "https://news.example/", "url")]
    )
    page.see("message")
    names = page.js("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in names if not name.startswith(server.url)] == []
    assert json.dumps(names).count("/static/") > 10
