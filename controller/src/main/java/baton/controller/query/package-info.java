/** Answers to questions, made from a snapshot: what each user may see, as his release shows it. */
package baton.controller.query;
