/**
 * The immutable tables that the cluster state is made of. The library behind them is named here and
 * nowhere else (ADR 0020).
 */
package baton.controller.model.collection;
