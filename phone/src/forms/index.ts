/**
 * Questionnaires. The form engine is large, so everything but this file is a chunk of its own, loaded when a form is opened:
 *
 *   <QuestionnaireForm :xform="xml" language="zh-hans" :members="members" :draft="draft"
 *                      @change="keepDraft" @done="({ answers }) => ..." @cancel="back" />
 */
import { defineAsyncComponent } from "vue";

export type { Answer, Answers, Draft, Filled, Listed, Lists, Row } from "./types";

/** Brings the engine in: call it early (a door was opened), so that it is there when the form is. */
export const loadQuestionnaire = () => import("./QuestionnaireForm.vue").then((loaded) => loaded.default);

export const QuestionnaireForm = defineAsyncComponent(loadQuestionnaire);
