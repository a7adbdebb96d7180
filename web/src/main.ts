import { Board } from "./board";
import { byId } from "./dom";
import { startLanguage } from "./i18n";

new Board(byId("board", HTMLElement), byId("ink", HTMLCanvasElement), { width: 20, hardness: 1 }, { started() {}, changed() {} });
startLanguage();
