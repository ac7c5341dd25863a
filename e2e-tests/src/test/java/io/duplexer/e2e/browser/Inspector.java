package io.duplexer.e2e.browser;

import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The inspector, as a person uses it. */
final class Inspector {
    private final DemoPage page;

    Inspector(DemoPage page) {
        this.page = page;
    }

    /** Filters, and chooses the last of the frames that are left; an empty word is no filter. */
    void choose(String transport, String direction, String text) {
        new Select(page.find("wire-transport")).selectByValue(transport);
        new Select(page.find("wire-direction")).selectByValue(direction);
        page.find("wire-text").clear();
        page.find("wire-text").sendKeys(text);
        page.waitFor("a frame with " + text, () -> !frames().isEmpty());
        frames().get(frames().size() - 1).click();
    }

    List<WebElement> frames() {
        return page.findAll("wire-frame");
    }

    /** The parts of the chosen frame, each its name and its value. */
    List<String> decoded() {
        return parts().stream()
                .map(part -> part.getText().replaceAll("\\s+", " "))
                .toList();
    }

    WebElement part(String label) {
        return parts().stream()
                .filter(part -> part.getText().startsWith(label))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no part " + label));
    }

    private List<WebElement> parts() {
        return page.find("wire-decoded").findElements(By.cssSelector("button.part"));
    }

    /** The marked bytes, in hexadecimal. */
    String marked() {
        return String.join(
                "",
                page.find("wire-hex").findElements(By.cssSelector(".bytes .marked")).stream()
                        .map(WebElement::getText)
                        .toList());
    }
}
