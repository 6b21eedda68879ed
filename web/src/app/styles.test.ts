import { describe, expect, it } from "vitest";
import { stylesUsed } from "../../mantineStyles";

describe("the styles of the library", () => {
  const used = stylesUsed();

  it("hold what a component is made of, not only its own", () => {
    // Select has no file of its own: it is a Combobox with an Input and a Popover.
    expect(used).toEqual(expect.arrayContaining(["Combobox", "Input", "Popover", "Notification"]));
  });

  it("leave out what nobody imports", () => {
    expect(used).not.toContain("AngleSlider");
  });

  it("keep the order in which later rules win", () => {
    expect(used.slice(0, 3)).toEqual(["baseline", "default-css-variables", "global"]);
    expect(used.indexOf("UnstyledButton")).toBeLessThan(used.indexOf("Button"));
    expect(used.indexOf("Input")).toBeLessThan(used.indexOf("NumberInput"));
  });
});
